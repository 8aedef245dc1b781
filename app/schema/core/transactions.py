"""What else runs in the transaction of an operation, and how long that keeps its locks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .effect import Blocks
from .ops import DmlOp, ValidateConstraintOp, ViewOp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .effect import Effect
    from .recorded import RecordedOp, Recording


def beside(
    recording: Recording, effects: Sequence[Sequence[Effect]], step: RecordedOp
) -> Iterator[tuple[RecordedOp, Sequence[Effect]]]:
    """Yield the other operations of the transaction with what they do to each table."""
    for other, does in zip(recording.operations, effects, strict=False):
        if other is not step and other.transaction == step.transaction:
            yield other, does


def lasts(step: RecordedOp, effects: Sequence[Effect], new: frozenset[str]) -> bool:
    """True if the time that a change of the schema takes grows with the rows of a table that is not among the new ones.

    Changes of rows, and checks of them, are left to the rule `pg-work-after-strong-lock`.
    """
    if isinstance(step.op, (DmlOp, ValidateConstraintOp, ViewOp)):
        return False
    return any(effect.grows and effect.table not in new for effect in effects)


def blocked(effects: Sequence[Effect]) -> set[str]:
    """Return the tables that nobody writes to while the lock of an operation is held."""
    return {effect.table for effect in effects if effect.blocks >= Blocks.WRITES}
