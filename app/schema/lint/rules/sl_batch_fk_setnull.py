"""Rebuilding a table sets every reference to it to NULL, and nobody is told.

What it flags
    A batch block that rebuilds a table which is referred to with ON DELETE SET NULL or SET DEFAULT, while foreign keys
    are on.
Why it hurts
    Before SQLite drops the old table it deletes its rows, and the foreign keys do what they are told to do on a delete:
    the references are gone, without an error, and nothing can tell what they were.
Example
    On sqlite:3.40:

        op.execute("ALTER TABLE shelf ADD COLUMN next INTEGER REFERENCES shelf (id) ON DELETE SET NULL")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
Instead
    Switch foreign keys off outside the transaction, and let `PRAGMA foreign_key_check` find nothing afterwards:

        with op.get_context().autocommit_block():
            op.execute("PRAGMA foreign_keys=OFF")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
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
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import ConstraintState
    from ..rule import Surroundings

RULE = Rule(
    id="sl-batch-fk-setnull",
    severity=Severity.ERROR,
    engines=SQLITE,
    ops=(MigrateOperation,),
    supersedes=("sl-batch-fk-restrict",),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a rebuild that overwrites references."""
    environment = around.environment
    batch = rebuild_under_foreign_keys(step, around.earlier, usually=environment.foreign_keys)
    if batch is None or environment.guarded_rebuild:
        return
    found = [
        (child.key, constraint)
        for child, constraint in referring(around.state, batch.table, around.recording.revision)
        if on_delete(constraint) in ("SET NULL", "SET DEFAULT")
    ]
    if found:
        block = FixStep(tuple(s.op for s in in_block(around.recording.operations, batch)), batch=True)
        yield around.finding(
            step,
            f"{_places(found)} {'is' if len(found) == 1 else 'are'} set to "
            f"{on_delete(found[0][1]).removeprefix('SET ')} in every "
            f"row that refers to {batch.table}{around.size(batch.table)}, without an error: the block drops the old "
            "table, "
            "and SQLite deletes its rows first because foreign keys are on.",
            "Switch foreign keys off outside the transaction, or in env.py before it begins, and check the references "
            "afterwards:",
            code=without_foreign_keys(around.render((block,))),
        )


def _places(found: list[tuple[str, ConstraintState]]) -> str:
    return " and ".join(f"{table}.{column}" for table, constraint in found for column in constraint.columns)
