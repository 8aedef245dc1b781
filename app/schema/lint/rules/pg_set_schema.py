"""Moving a table to another schema breaks the application that runs: it asks for the table where it was.

What it flags
    `ALTER TABLE … SET SCHEMA` of a table that existed before the revision, unless a view takes its old place.
Why it hurts
    Until the last old worker has been replaced, each of its queries fails with "relation does not exist"; new code
    fails until the revision has been run. ACCESS EXCLUSIVE is taken on top: all queries wait while it waits.
Example
    On postgresql:15:

        op.execute("ALTER TABLE shelf SET SCHEMA archive")
Instead
    Leave a view in its old place, in the same transaction; PostgreSQL writes through simple views:

        op.execute("ALTER TABLE shelf SET SCHEMA archive")
        op.execute("CREATE VIEW shelf AS SELECT * FROM archive.shelf")
When it is fine
    The table was created in the same revision, or the search_path of all code holds both schemas.
References
    strong_migrations, "Renaming a schema"; PostgreSQL manual, "Updatable Views"; measured on PostgreSQL 15.18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.ops import TableOptionOp, ViewOp
from ...core.source import executed
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="pg-set-schema", severity=Severity.ERROR, engines=POSTGRESQL, ops=(TableOptionOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a table that moves away from running code."""
    op = step.as_(TableOptionOp)
    if op.option != "set schema" or op.value in (None, op.schema) or _leaves_a_view(step, around):
        return
    yield around.finding(
        step,
        f"Running code fails on every query of {step.table} once it is {op.value}.{op.table_name}, and new code fails "
        "until then.",
        "Leave a view in its old place, in the same transaction, until no running code uses it:",
        code=executed(step.sql, f"CREATE VIEW {step.table} AS SELECT * FROM {op.value}.{op.table_name}"),
    )


def _leaves_a_view(step: RecordedOp, around: Surroundings) -> bool:
    op = step.as_(TableOptionOp)
    views = (s.op for s in around.following if isinstance(s.op, ViewOp) and s.transaction == step.transaction)
    return any(
        view.name == op.table_name and view.schema == op.schema and view.action in ("create", "replace")
        for view in views
    )
