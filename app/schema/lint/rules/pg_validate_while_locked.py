"""VALIDATE reads the whole table, and the transaction already keeps others from using it.

What it flags
    `VALIDATE CONSTRAINT` behind another statement of the same transaction that blocks writes to the table, or to the
    table that the validated foreign key refers to.
Why it hurts
    VALIDATE alone lets everybody read and write. The lock of the earlier statement lasts until the commit, so a lock
    that was meant for milliseconds is held until all rows have been read.
Example
    On postgresql:15:

        op.create_check_constraint("ck_account_age", "account", "age >= 0", postgresql_not_valid=True)
        with op.get_context().autocommit_block():
            op.create_index("ix_account_age", "account", ["age"], postgresql_concurrently=True)
        op.add_column("account", sa.Column("nickname", sa.String(50)))
        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_account_age")
Instead
    Validate in a transaction of its own:

        op.create_check_constraint("ck_account_age", "account", "age >= 0", postgresql_not_valid=True)
        op.add_column("account", sa.Column("nickname", sa.String(50)))
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_account_age")
When it is fine
    The statements before it concern other tables, or a table that was created in the same revision.
References
    strong_migrations, "Adding a check constraint"; eugene E4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.effect import Blocks, Effect
from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.ops import ValidateConstraintOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-validate-while-locked",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(ValidateConstraintOp,),
    fixable=True,
    supersedes=("pg-work-after-strong-lock",),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a validation under the lock of another statement."""
    op = step.as_(ValidateConstraintOp)
    if not any(effect.scans for effect in around.effects):
        return
    held = max(_locks(step, around), key=lambda effect: effect.blocks, default=None)
    if held is None:
        return
    whom = "read and write" if held.blocks is Blocks.READS_AND_WRITES else "write"
    yield around.finding(
        step,
        f"An earlier statement of this transaction holds {held.lock} on {held.table}: every {whom} of {held.table} "
        f"waits until VALIDATE has read all rows of {step.table}{around.size(step.table)}.",
        "Validate outside the transaction:",
        fix=Fix("Validate outside the transaction", (FixStep((op,), autocommit=True),)),
    )


def _locks(step: RecordedOp, around: Surroundings) -> Iterator[Effect]:
    """Yield what earlier statements of the transaction hold on the tables that are read."""
    read = {effect.table for effect in around.effects if not around.is_new(effect.table)}
    for other, effects in zip(around.recording.operations, around.all_effects, strict=False):
        if other is step or other.transaction != step.transaction:
            continue
        yield from (e for e in effects if e.table in read and e.blocks >= Blocks.WRITES)
