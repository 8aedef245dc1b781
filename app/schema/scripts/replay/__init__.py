"""Recorded operations → the schema that they build.

* `table_state`: a SQLAlchemy table, column, constraint or index → its state
* `tables`: operations on tables and columns
* `constraints`: operations on constraints and indexes
* `objects`: types, views, sequences, partitions, rows
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import constraints, objects, tables  # noqa: F401  (each registers its operations with `apply_op`)
from .dispatch import apply_op

if TYPE_CHECKING:
    from ...core.recorded import RecordedOp, Recording
    from ...core.state import State

__all__ = ["replay", "replay_step"]


def replay_step(state: State, step: RecordedOp, revision: str, engine: str = "postgresql") -> None:
    """Change `state` to what it is after one operation of a revision.

    What cannot be followed (an operation on a table that the history does not show) is left out: the state then
    knows less, it does not know wrongly.
    """
    apply_op(step.op, state, step, revision, engine)


def replay(state: State, recording: Recording) -> State:
    """Change `state` to what it is after a whole revision, and return it."""
    for step in recording.operations:
        replay_step(state, step, recording.revision, recording.server.engine)
    return state
