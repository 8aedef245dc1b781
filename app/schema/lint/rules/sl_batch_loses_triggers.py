"""The triggers of a table are gone after it is rebuilt, and what they kept up to date goes stale silently.

What it flags
    A batch block that rebuilds a table with triggers, which the revision does not create again afterwards.
Why it hurts
    A trigger belongs to its table: when the block drops the old table, its triggers are dropped with it, and the copy
    has none. There is no warning. Search indexes, histories and counters that triggers keep stand still from then on.
Example
    On sqlite:3.40:

        op.execute("CREATE TRIGGER shelf_seen AFTER INSERT ON shelf BEGIN SELECT 1; END")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
Instead
    Create them again behind the block:

        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        op.execute("CREATE TRIGGER shelf_seen AFTER INSERT ON shelf BEGIN SELECT 1; END")
When it is fine
    The triggers were not meant to stay; then drop them by name, so that the next reader knows.
References
    SQLite documentation, DROP TABLE. Measured on SQLite 3.40.1 with Alembic 1.20.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import MigrateOperation

from ...core.finding import Finding, Severity
from ...core.ops import TriggerOp
from ...core.rebuild import starts_rebuild
from ...core.wording import listed
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="sl-batch-loses-triggers",
    severity=Severity.ERROR,
    engines=SQLITE,
    ops=(MigrateOperation,),
    new_tables=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag triggers that the copy will not have."""
    batch = starts_rebuild(step, around.earlier)
    table = around.table(step)
    if batch is None or table is None or around.environment.guarded_rebuild:
        return
    made_later = {other.op.name for other in around.following if isinstance(other.op, TriggerOp)}
    lost = sorted(table.triggers - made_later)
    if lost:
        yield around.finding(
            step,
            f"{batch.table} loses its {'trigger' if len(lost) == 1 else 'triggers'} {listed(lost)} without a word: the "
            "block rebuilds the table, and triggers go with the old one. What they kept up to date goes stale.",
            "Create them again behind the block, with the text of `SELECT sql FROM sqlite_master WHERE type = "
            "'trigger' "
            f"AND tbl_name = '{batch.table_name}'`:",
            code="\n".join(
                f'op.execute("CREATE TRIGGER {name} … ON {batch.table_name} BEGIN … END")' for name in lost
            ),
        )
