"""The revision breaks, or does something else, as soon as the application's models change.

What it flags
    A revision that imports the application: `from app.models import …`, `from extensions import db`.
Why it hurts
    The revision is run again for every new database, for years, with the models of that day. A column that a later
    revision adds is selected by an earlier one ("column does not exist"); a model that was renamed cannot be imported,
    and then no `flask db` command works.
Example
    On postgresql:15:

        from models import User
        op.bulk_insert(User.__table__, [{"email": "root@example.org"}])
Instead
    Say in the revision itself what it needs to know of the table:

        account = sa.table("account", sa.column("email", sa.String))
        op.bulk_insert(account, [{"email": "root@example.org"}])
When it is fine
    The import brings a constant or a function that is never changed; a copy of it in the revision is safer still.
References
    Alembic documentation, `Operations.bulk_insert`; SQLAlchemy, `table()` and `column()`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.imports import application_imports
from ..rule import EVERY_ENGINE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..rule import Surroundings

RULE = Rule(id="app-model-import", severity=Severity.ERROR, engines=EVERY_ENGINE, scope="revision")

_STUB = """\
account = sa.table("account", sa.column("id", sa.Integer), sa.column("email", sa.String))
op.execute(account.update().where(account.c.email == "").values(email=None))"""


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag the imports of the application, all of them in one finding."""
    names = application_imports(around.recording)
    if not names:
        return
    modules = " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"
    yield around.finding(
        None,
        f"{around.recording.revision} imports {modules}: it runs with the code of the day on which a database is "
        "built, so it fails, or does something else, once that code changes.",
        "Write down in the revision what it needs to know of a table:",
        code=_STUB,
        line=_line(around.recording.source, names[0]),
    )


def _line(source: str, name: str) -> int | None:
    match = re.search(rf"^[ \t]*(?:from|import)\s+{re.escape(name)}\b", source, re.MULTILINE)
    return source.count("\n", 0, match.start()) + 1 if match else None
