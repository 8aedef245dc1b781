"""Rebuilding a table deletes every row that refers to it with ON DELETE CASCADE, and nobody is told.

What it flags
    A batch block that rebuilds a table which another one refers to with ON DELETE CASCADE, while foreign keys are on.
Why it hurts
    The block copies the table and drops the old one. Before SQLite drops a table it deletes its rows, and the delete
    cascades: every row of the other tables that refers to one is gone, without an error.
Example
    On sqlite:3.40:

        with op.batch_alter_table("forum") as batch:
            batch.alter_column("place", type_=sa.BigInteger())
Instead
    Switch foreign keys off outside the transaction, and let `PRAGMA foreign_key_check` find nothing afterwards:

        with op.get_context().autocommit_block():
            op.execute("PRAGMA foreign_keys=OFF")
        with op.batch_alter_table("forum") as batch:
            batch.alter_column("place", type_=sa.BigInteger())
        with op.get_context().autocommit_block():
            op.execute("PRAGMA foreign_keys=ON")
When it is fine
    Foreign keys are off while revisions run, or the tables that refer to it are new and empty.
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
    id="sl-batch-fk-cascade-loss",
    severity=Severity.ERROR,
    engines=SQLITE,
    ops=(MigrateOperation,),
    supersedes=("sl-batch-self-fk-cascade-loss", "sl-batch-fk-setnull", "sl-batch-fk-restrict"),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a rebuild that cascades into other tables."""
    environment = around.environment
    batch = rebuild_under_foreign_keys(step, around.earlier, usually=environment.foreign_keys)
    if batch is None or environment.guarded_rebuild:
        return
    children = [
        child.key
        for child, constraint in referring(around.state, batch.table, around.recording.revision)
        if child.key != batch.table and on_delete(constraint) == "CASCADE"
    ]
    if children:
        block = FixStep(tuple(s.op for s in in_block(around.recording.operations, batch)), batch=True)
        yield around.finding(
            step,
            f"All rows of {listed(dict.fromkeys(children))} that refer to {batch.table}{around.size(batch.table)} "
            "are deleted, "
            "without an error: the block drops the old table, SQLite deletes its rows first because foreign keys are "
            "on, "
            "and ON DELETE CASCADE follows them.",
            "Switch foreign keys off outside the transaction, or in env.py before it begins, and check the references "
            "afterwards:",
            code=without_foreign_keys(around.render((block,))),
        )
