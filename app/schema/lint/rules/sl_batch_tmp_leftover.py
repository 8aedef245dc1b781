"""The revision fails because an earlier try has left its copy of the table behind.

What it flags
    A batch block that rebuilds a table while a table `_alembic_tmp_…` of its name is there: in the connected database
    (`--live`), or made by a revision.
Why it hurts
    The block makes its copy under that name: `table _alembic_tmp_… already exists`. It happens after a block that
    failed, where the database driver had committed the first half.
Example
    On sqlite:3.40:

        op.execute("CREATE TABLE _alembic_tmp_shelf (id INTEGER PRIMARY KEY)")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
Instead
    See whether the table itself is still there and complete, and drop the copy then:

        op.execute("DROP TABLE IF EXISTS _alembic_tmp_shelf")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
When it is fine
    The runner of this package clears the copy away, or puts it in the table's place. Otherwise never.
References
    Alembic, `ApplyBatchImpl`; apache/superset#8297, apache/airflow#34591. Measured on SQLite 3.40.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import DropTableOp, MigrateOperation

from ...core.finding import Finding, Severity
from ...core.rebuild import starts_rebuild, temporary_name
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="sl-batch-tmp-leftover",
    severity=Severity.ERROR,
    engines=SQLITE,
    ops=(MigrateOperation,),
    new_tables=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a rebuild whose copy is there already."""
    batch = starts_rebuild(step, around.earlier)
    if batch is None or around.environment.guarded_rebuild:
        return
    copy = temporary_name(batch)
    dropped = any(isinstance(s.op, DropTableOp) and s.op.table_name == copy for s in around.earlier)
    found = around.facts is not None and copy in around.facts.tables and not dropped
    if found or copy in around.state.tables:
        yield around.finding(
            step,
            f"The revision fails with `table {copy} already exists`: an earlier try has left it behind.",
            f"If {batch.table} is still there with all its rows, drop the copy first; if not, the copy holds the "
            "rows, so "
            f"rename it to {batch.table_name}:",
            code=f'op.execute("DROP TABLE IF EXISTS {copy}")',
        )
