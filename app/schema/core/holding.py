"""Which strong locks on tables that others use an operation takes, and which its transaction holds already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .effect import Blocks
from .ops import SequenceOp, ViewOp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .effect import Effect
    from .recorded import RecordedOp
    from .state import State


@dataclass(frozen=True)
class Held:
    """A lock that keeps at least writers out, and the operation that takes it."""

    step: RecordedOp
    effect: Effect


def strong_locks(
    steps: Sequence[RecordedOp], effects: Sequence[Sequence[Effect]], state: State, revision: str
) -> Iterator[Held]:
    """Yield the locks that keep writers out of tables which were there before the revision, in order.

    Nobody waits for a table before the revision that creates it has ended, however many rows it holds.

    :param effects: for each of the steps, what it does to each table.
    """
    for step, found in zip(steps, effects, strict=False):
        if isinstance(step.op, (ViewOp, SequenceOp)):
            continue
        for effect in found:
            if effect.blocks < Blocks.WRITES:
                continue
            table = state.table(effect.table)
            if table is None or table.created_in != revision:
                yield Held(step, effect)
