"""Rebuilding a table that refers to itself with ON DELETE CASCADE deletes its own rows.

What it flags
    A batch block that rebuilds a table with a foreign key to itself and ON DELETE CASCADE, while foreign keys are on.
Why it hurts
    The copy refers to the old table by its name. When the old one is dropped SQLite deletes its rows first, and the
    delete cascades into the copy: every row that has a parent is gone, without an error.
Example
    On sqlite:3.40:

        with op.batch_alter_table("reply") as batch:
            batch.alter_column("likes", type_=sa.BigInteger())
Instead
    Switch foreign keys off outside the transaction, and let `PRAGMA foreign_key_check` find nothing afterwards:

        with op.get_context().autocommit_block():
            op.execute("PRAGMA foreign_keys=OFF")
        with op.batch_alter_table("reply") as batch:
            batch.alter_column("likes", type_=sa.BigInteger())
        with op.get_context().autocommit_block():
            op.execute("PRAGMA foreign_keys=ON")
When it is fine
    Foreign keys are off while revisions run, or no row has a parent.
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
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="sl-batch-self-fk-cascade-loss",
    severity=Severity.ERROR,
    engines=SQLITE,
    ops=(MigrateOperation,),
    supersedes=("sl-batch-fk-setnull", "sl-batch-fk-restrict"),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a rebuild that cascades into the copy."""
    environment = around.environment
    batch = rebuild_under_foreign_keys(step, around.earlier, usually=environment.foreign_keys)
    if batch is None or environment.guarded_rebuild:
        return
    own = [
        constraint
        for child, constraint in referring(around.state, batch.table, around.recording.revision)
        if child.key == batch.table and on_delete(constraint) == "CASCADE"
    ]
    if own:
        block = FixStep(tuple(s.op for s in in_block(around.recording.operations, batch)), batch=True)
        yield around.finding(
            step,
            f"Every row of {batch.table}{around.size(batch.table)} whose {', '.join(own[0].columns)} is set is "
            "deleted, without an "
            "error: the copy that the block makes refers to the old table, and ON DELETE CASCADE follows when SQLite "
            "empties and drops that one.",
            "Switch foreign keys off outside the transaction, or in env.py before it begins, and check the references "
            "afterwards:",
            code=without_foreign_keys(around.render((block,))),
        )
