"""Dropping a schema or a database loses every table in it.

What it flags
    `DROP SCHEMA` and `DROP DATABASE`. On PostgreSQL, `DROP SCHEMA` without CASCADE is a warning: it fails as long as
    anything is left in the schema.
Why it hurts
    All tables, views and functions in it are gone at once, and a downgrade cannot bring back one row.
Example
    On postgresql:15:

        op.execute("DROP SCHEMA archive CASCADE")
Instead
    Drop the tables one by one in releases of their own, so that each loss is decided and can be read in the history.
When it is fine
    The schema was created in the same revision.
References
    Atlas DS101 (also known as drop-database); squawk "ban-drop-database".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.ops import DatabaseOp, SchemaOp
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="drop-schema",
    severity=Severity.ERROR,
    engines=EVERY_ENGINE,
    ops=(SchemaOp, DatabaseOp),
    supersedes=("drop-cascade",),
    aliases=("drop-database",),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a schema or database that existed before the revision."""
    op = step.op
    if not isinstance(op, (SchemaOp, DatabaseOp)) or op.action != "drop" or _made_here(op.name, around):
        return
    kind = "schema" if isinstance(op, SchemaOp) else "database"
    refuses = isinstance(op, SchemaOp) and around.server.engine == "postgresql" and not op.cascade
    consequence = (
        f"Dropping schema {op.name} fails as long as anything is left in it, and running code loses the name."
        if refuses
        else f"Every table in {kind} {op.name} is lost with all its rows, and no downgrade brings them back."
    )
    yield around.finding(
        step,
        consequence,
        f"Drop the tables of {op.name} one by one, in releases of their own, once no running code uses them.",
        severity=Severity.WARNING if refuses else None,
    )


def _made_here(name: str, around: Surroundings) -> bool:
    makers = (s.op for s in around.earlier if isinstance(s.op, (SchemaOp, DatabaseOp)))
    return any(op.action == "create" and op.name == name for op in makers)
