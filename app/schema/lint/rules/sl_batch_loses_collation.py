"""After the rebuild text is compared otherwise: a column's COLLATE is lost.

What it flags
    A batch block that rebuilds a table with a column that has a collation, such as NOCASE, and does not give it again.
Why it hurts
    Alembic cannot read the collation from the database. Without it a search that ignored upper and lower case finds
    nothing any more, and a UNIQUE takes `Ann@x` beside `ann@x`.
Example
    On sqlite:3.40:

        op.add_column("shelf", sa.Column("code", sa.String(9, collation="NOCASE")))
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
Instead
    Give the column again, as it is:

        op.add_column("shelf", sa.Column("code", sa.String(9, collation="NOCASE")))
        code = sa.Column("code", sa.String(9, collation="NOCASE"))
        with op.batch_alter_table("shelf", reflect_args=[code]) as batch:
            batch.alter_column("label", type_=sa.Text())
When it is fine
    The block is given the table (`copy_from`) or the columns (`reflect_args`), or nothing compares the column.
References
    Alembic, `batch_alter_table.reflect_args`. Measured on SQLite 3.40.1 with Alembic 1.20.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import MigrateOperation

from ...core.finding import Finding, Severity
from ...core.rebuild import dropped_columns, retyped_columns, starts_rebuild
from ...core.wording import listed
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="sl-batch-loses-collation",
    severity=Severity.WARNING,
    engines=SQLITE,
    ops=(MigrateOperation,),
    new_tables=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag columns whose collation the copy will not have."""
    batch = starts_rebuild(step, around.earlier)
    table = around.table(step)
    given = batch is not None and (batch.has_copy_from or "reflect_args" in batch.given)
    if batch is None or table is None or given or around.environment.guarded_rebuild:
        return
    steps = around.recording.operations
    written = dropped_columns(steps, batch) | retyped_columns(steps, batch)
    lost = [column for column in table.columns.values() if column.collation and column.name not in written]
    if lost:
        columns = ", ".join(f'sa.Column("{column.name}", sa.{column.type!r})' for column in lost)
        yield around.finding(
            step,
            f"{listed(column.name for column in lost)} of {batch.table} {'loses' if len(lost) == 1 else 'lose'} the "
            f"collation {lost[0].collation}: the block rebuilds the table, and Alembic cannot read collations. "
            "Searches "
            "and UNIQUE then compare otherwise.",
            "Give the column again, as it is:",
            code=f'with op.batch_alter_table("{batch.table_name}", reflect_args=[{columns}]) as batch_op:',
            column=lost[0].name if len(lost) == 1 else None,
        )
