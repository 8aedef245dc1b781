"""Rebuilding a table fails as soon as a row refers to it: SQLite does not let the old table go.

What it flags
    A batch block that rebuilds a table which another table, or the table itself, refers to without ON DELETE, or with
    RESTRICT or NO ACTION, while foreign keys are on.
Why it hurts
    The block drops the old table, SQLite deletes its rows first, and the foreign key refuses. On a developer's empty
    database the revision passes. Without real transactions a table `_alembic_tmp_…` stays behind, and makes every
    further try fail.
Example
    On sqlite:3.40:

        with op.batch_alter_table("account") as batch:
            batch.alter_column("bio", type_=sa.String(500))
Instead
    Switch foreign keys off outside the transaction, and let `PRAGMA foreign_key_check` find nothing afterwards:

        with op.get_context().autocommit_block():
            op.execute("PRAGMA foreign_keys=OFF")
        with op.batch_alter_table("account") as batch:
            batch.alter_column("bio", type_=sa.String(500))
        with op.get_context().autocommit_block():
            op.execute("PRAGMA foreign_keys=ON")
When it is fine
    Foreign keys are off while revisions run, or no row refers to the table.
References
    SQLite documentation, DROP TABLE and "Making Other Kinds Of Table Schema Changes". Measured on SQLite 3.40.1 with
    Alembic 1.20.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import MigrateOperation

from ...core.finding import Finding, FixStep, Severity
from ...core.rebuild import (
    in_block,
    on_delete,
    rebuild_under_foreign_keys,
    referring,
    without_foreign_keys,
)
from ...core.wording import listed
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="sl-batch-fk-restrict",
    severity=Severity.ERROR,
    engines=SQLITE,
    ops=(MigrateOperation,),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a rebuild that a foreign key stops."""
    environment = around.environment
    batch = rebuild_under_foreign_keys(step, around.earlier, usually=environment.foreign_keys)
    if batch is None or environment.guarded_rebuild:
        return
    found = [
        (child.key, constraint)
        for child, constraint in referring(around.state, batch.table, around.recording.revision)
        if on_delete(constraint) in ("NO ACTION", "RESTRICT")
    ]
    if found:
        block = FixStep(tuple(s.op for s in in_block(around.recording.operations, batch)), batch=True)
        yield around.finding(
            step,
            f"The revision fails with `FOREIGN KEY constraint failed` as soon as a row of {listed(dict(found))} "
            "refers to "
            f"{batch.table}: the block drops the old table, and SQLite deletes its rows first because foreign keys "
            "are on.",
            "Switch foreign keys off outside the transaction, or in env.py before it begins, and check the references "
            "afterwards:",
            code=without_foreign_keys(around.render((block,))),
        )
