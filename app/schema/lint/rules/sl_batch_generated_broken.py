"""A table with a generated column cannot be rebuilt: the revision fails on every database.

What it flags
    A batch block that rebuilds a table with a generated column which it does not drop.
Why it hurts
    Alembic copies every column, and SQLite refuses: `cannot INSERT into generated column`. Where the column was written
    without GENERATED ALWAYS, the copy is a syntax error already. Neither `copy_from` nor
    `reflect_args` helps. Without real transactions a table `_alembic_tmp_…` stays behind.
Example
    On sqlite:3.40:

        op.add_column("shelf", sa.Column("size", sa.Integer(), sa.Computed("length(label)", persisted=False)))
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
Instead
    Drop the column before the block, and add it again behind it; its values come back by themselves:

        op.add_column("shelf", sa.Column("size", sa.Integer(), sa.Computed("length(label)", persisted=False)))
        op.drop_column("shelf", "size")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        op.add_column("shelf", sa.Column("size", sa.Integer(), sa.Computed("length(label)", persisted=False)))
When it is fine
    The runner of this package rebuilds the table: it copies no generated column, and keeps it. Otherwise never.
References
    SQLite documentation, "Generated Columns". Measured on SQLite 3.40.1 with Alembic 1.20.1 and SQLAlchemy 2.1.9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import MigrateOperation

from ...core.finding import Finding, Severity
from ...core.rebuild import computed_columns, dropped_columns, starts_rebuild
from ...core.wording import listed
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="sl-batch-generated-broken",
    severity=Severity.ERROR,
    engines=SQLITE,
    ops=(MigrateOperation,),
    new_tables=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a rebuild that copies a generated column."""
    batch = starts_rebuild(step, around.earlier)
    table = around.table(step)
    if batch is None or table is None or around.environment.guarded_rebuild:
        return
    gone = dropped_columns(around.recording.operations, batch)
    kept = [column.name for column in computed_columns(table) if column.name not in gone]
    if kept:
        yield around.finding(
            step,
            f"The revision fails with `cannot INSERT into generated column` or a syntax error: the block rebuilds "
            f"{batch.table} and takes {listed(kept)} for an ordinary column.",
            f"Drop {listed(kept)} before the block and add {'it' if len(kept) == 1 else 'them'} again behind it; the "
            "values come back by themselves:",
            code=f'op.drop_column("{batch.table_name}", "{kept[0]}")\n'
            f'with op.batch_alter_table("{batch.table_name}") as batch_op:\n    …\n'
            f'op.add_column("{batch.table_name}", sa.Column("{kept[0]}", …, sa.Computed("…", persisted=False)))',
            column=kept[0] if len(kept) == 1 else None,
        )
