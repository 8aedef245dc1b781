"""What upgrade and then downgrade leave behind, on a copy of the tables that a revision touches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import DropIndexOp

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..core.recorded import RecordedOp, Recording
    from ..core.state import State

    ReplayStep = Callable[[State, RecordedOp, str, str], None]


def touched(state: State, recording: Recording, downgrade: Recording | None) -> State:
    """Return a copy of the tables that a revision names in either direction, as they are now."""
    steps = [*recording.operations, *(downgrade.operations if downgrade else ())]
    names = {step.table for step in steps if step.table}
    for step in steps:
        owner = state.index(str(step.op.index_name)) if isinstance(step.op, DropIndexOp) else None
        if owner is not None:
            names.add(owner[0].key)
    return state.copy(names)


def undone(
    before: State, recording: Recording, downgrade: Recording | None, replay_step: ReplayStep
) -> State | None:
    """Return the tables of `before` after both directions, None if the revision has no downgrade."""
    if downgrade is None or not downgrade.operations:
        return None
    state = before.copy()
    for half in (recording, downgrade):
        for step in half.operations:
            replay_step(state, step, recording.revision, recording.server.engine)
    return state
