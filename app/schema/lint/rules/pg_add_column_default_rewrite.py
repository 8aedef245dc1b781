"""Before version 11, PostgreSQL writes the whole table anew, locked, to add a column with a default.

What it flags
    `op.add_column` or `ADD COLUMN` with any default on a table that existed before the revision, for PostgreSQL 10 and
    older.
Why it hurts
    The default is written into every row, and all indexes are built anew, under ACCESS EXCLUSIVE: nobody reads or
    writes the table meanwhile. From version 11 on the default is only noted down.
Example
    On postgresql:10:

        op.add_column("account", sa.Column("plan", sa.String(20), server_default="free"))
Instead
    Add the column empty, and give new rows the default; fill the old rows in batches in the next revision. On
    postgresql:10 that is:

        op.add_column("account", sa.Column("plan", sa.String(20)))
        op.alter_column("account", "plan", server_default="free")
When it is fine
    The table was created in the same revision, or is known to be small.
References
    PostgreSQL 10 manual, ALTER TABLE, "Notes"; PostgreSQL 11 release notes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp

from ...core.columns import has_value, in_steps
from ...core.finding import Finding, Severity
from ...core.functions import Volatility, volatility
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-add-column-default-rewrite", severity=Severity.ERROR, engines=POSTGRESQL, ops=(AddColumnOp,)
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a default that old versions write into each row."""
    op = step.as_(AddColumnOp)
    if around.server.at_least(11) or not has_value(op.column):
        return
    if volatility(op.column.server_default, around.server) > Volatility.STABLE:
        return
    yield around.finding(
        step,
        f"Nobody can read or write {step.table}{around.size(step.table)} while PostgreSQL {around.server.version[0]} "
        f"writes the default of {op.column.name} into every row and builds all indexes anew; the more rows, the "
        "longer.",
        f"Add {op.column.name} empty, give new rows their default, and fill the old rows in batches:",
        code=in_steps(op, around.recording.revision, around.render, around.table(step)),
        column=str(op.column.name),
    )
