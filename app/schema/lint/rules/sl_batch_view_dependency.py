"""A table that a view reads cannot be rebuilt: the revision fails when the copy takes the table's name.

What it flags
    A batch block that rebuilds a table which a view reads, unless the revision drops the view before.
Why it hurts
    SQLite looks through all views when a table is renamed. At that moment the old table is dropped and the copy not yet
    renamed, so that the view reads a table that is not there: `error in view …: no such table`. Without real
    transactions the table is then gone, and only `_alembic_tmp_…` is left.
Example
    On sqlite:3.40:

        op.execute("CREATE VIEW labels AS SELECT label FROM shelf")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
Instead
    Drop the view before the block and create it again behind it:

        op.execute("DROP VIEW IF EXISTS labels")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        op.execute("CREATE VIEW labels AS SELECT label FROM shelf")
When it is fine
    `PRAGMA legacy_alter_table=ON` stands before the block, or SQLite is older than 3.25.
References
    SQLite documentation, `PRAGMA legacy_alter_table`. Measured on SQLite 3.40.1 with Alembic 1.20.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import MigrateOperation

from ...core.finding import Finding, Severity
from ...core.rebuild import setting, starts_rebuild
from ...core.wording import listed
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="sl-batch-view-dependency",
    severity=Severity.ERROR,
    engines=SQLITE,
    ops=(MigrateOperation,),
    new_tables=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a rebuild that a view stops."""
    batch = starts_rebuild(step, around.earlier)
    if batch is None or not around.server.at_least(3, 25) or around.environment.guarded_rebuild:
        return
    views = [view.name for view in around.state.views_on(batch.table)]
    if not views or setting(around.earlier, "legacy_alter_table"):
        return
    drops = "\n".join(f'op.execute("DROP VIEW {name}")' for name in views)
    makes = "\n".join(f'op.execute("CREATE VIEW {name} AS …")' for name in views)
    yield around.finding(
        step,
        f"The revision fails with `error in view {views[0]}: no such table: main.{batch.table_name}`: the block "
        "drops the "
        f"old {batch.table} while {listed(views)} {'reads' if len(views) == 1 else 'read'} it.",
        "Drop the view before the block and create it again behind it:",
        code=f'{drops}\nwith op.batch_alter_table("{batch.table_name}") as batch_op:\n    …\n{makes}',
    )
