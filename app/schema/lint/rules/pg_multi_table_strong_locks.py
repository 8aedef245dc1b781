"""Two tables locked one after the other in one transaction deadlock with code that uses them in the other order.

What it flags
    A statement that locks a table ACCESS EXCLUSIVE while the transaction holds the same lock on another one that was
    there before, if a foreign key connects the two; any two tables, where no lock timeout is set for the revision.
Why it hurts
    The application reads the second table and then wants the first; the revision has the first and wants the second.
    Both wait, everybody else behind them, until PostgreSQL ends one of the two after `deadlock_timeout`.
Example
    On postgresql:15:

        op.add_column("account", sa.Column("plan", sa.String(20)))
        op.add_column("book", sa.Column("plan", sa.String(20)))
Instead
    One table in one revision:

        op.add_column("account", sa.Column("plan", sa.String(20)))

    And the other in the next:

        op.add_column("book", sa.Column("plan", sa.String(20)))
When it is fine
    No transaction of the application uses both tables.
References
    alphagov notifications-api, pull request 3890, a deadlock of this kind; GitLab, "Migration style guide".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import DropTableOp, MigrateOperation

from ...core.finding import Finding, Severity
from ...core.holding import strong_locks
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.effect import Effect
    from ...core.holding import Held
    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-multi-table-strong-locks",
    severity=Severity.WARNING,
    engines=POSTGRESQL,
    ops=(MigrateOperation,),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag the lock on the second table."""
    if (
        not around.earlier
        or isinstance(step.op, DropTableOp)
        or not _is_exclusive(around.effect_on(step.table))
    ):
        return
    locks = [held for held in _exclusive(around) if held.step.transaction == step.transaction]
    before = [held for held in locks if held.step.statement != step.statement]
    mine = any(held.step is step and held.effect.table == step.table for held in locks)
    if not mine or any(held.effect.table == step.table for held in before):
        return
    first = next((held for held in before if _meets(str(held.effect.table), str(step.table), around)), None)
    if first is None:
        return
    yield around.finding(
        step,
        f"Code that uses {step.table} and then {first.effect.table} in one transaction deadlocks with this revision, "
        f"which has locked {first.effect.table} in line {first.step.line} and now wants {step.table}: one of the two "
        "fails, and everybody waits until then.",
        f"Change {step.table} in a revision of its own, after {around.recording.revision}.",
    )


def _is_exclusive(effect: Effect | None) -> bool:
    return effect is not None and effect.lock == "ACCESS EXCLUSIVE"


def _exclusive(around: Surroundings) -> Iterator[Held]:
    steps = (*around.earlier, around.recording.operations[around.index])
    for held in strong_locks(steps, around.all_effects, around.state, around.recording.revision):
        if _is_exclusive(held.effect):
            yield held


def _meets(one: str, other: str, around: Surroundings) -> bool:
    """True if code is likely to use both tables in one transaction, or if nothing ends the wait."""
    pairs = ((one, other), (other, one))
    related = any(child.key == b for a, b in pairs for child, _ in around.state.referencing(a))
    return related or not around.environment.lock_timeout
