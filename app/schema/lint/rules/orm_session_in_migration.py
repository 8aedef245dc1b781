"""The session decides by itself when and in which order rows are written, and can commit half of the revision.

What it flags
    A session of SQLAlchemy's ORM in a revision: `Session(bind=op.get_bind())`, `sessionmaker(…)`, `db.session`.
Why it hurts
    A session writes when it flushes: before a query, at a commit, or never. What stands below it in the file may run
    before. `session.commit()` ends the transaction of the revision, so a later failure leaves half of it behind. And
    what the session writes needs rows to read first, so the revision cannot be judged or written down as SQL.
Example
    On postgresql:15:

        from sqlalchemy.orm import Session
        session = Session(bind=op.get_bind())
        session.flush()
Instead
    Write the statement:

        op.execute("UPDATE shelf SET label = 'old' WHERE id = 1")
When it is fine
    The revision changes rows only, is small, and never commits by itself.
References
    SQLAlchemy documentation, "Flushing"; Alembic cookbook, "Data Migrations".
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ..rule import EVERY_ENGINE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..rule import Surroundings

RULE = Rule(id="orm-session-in-migration", severity=Severity.WARNING, engines=EVERY_ENGINE, scope="revision")

_FACTORIES = frozenset(("Session", "sessionmaker", "scoped_session", "async_sessionmaker", "AsyncSession"))


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag the first use of a session."""
    if "ession" not in around.recording.source:
        return
    lines = sorted(_uses(around.recording.source))
    if lines:
        yield around.finding(
            None,
            f"{around.recording.revision} works through an ORM session: when its changes reach the database depends on "
            "when it flushes, and its commit ends the transaction of the revision, so that a later failure leaves half "
            "of the revision behind.",
            "Send the statements yourself:",
            code='account = sa.table("account", sa.column("id"), sa.column("email"))\n'
            'op.execute(account.update().where(account.c.email == "").values(email=None))',
            line=lines[0],
        )


def _uses(source: str) -> Iterator[int]:
    """Yield the lines on which a session is made, or the application's session is used."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        made = isinstance(node, ast.Call) and _name(node.func) in _FACTORIES
        taken = isinstance(node, ast.Attribute) and node.attr == "session" and _name(node.value) == "db"
        if (made or taken) and isinstance(node, ast.expr):
            yield node.lineno


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
