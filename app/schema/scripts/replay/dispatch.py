"""The function that each kind of operation registers its effect on the state with."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING, Any

from ...core.state import TableState

if TYPE_CHECKING:
    from ...core.recorded import RecordedOp
    from ...core.state import State


@singledispatch
def apply_op(op: Any, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    """Change nothing: most statements do not change the schema."""


def key_of(name: str, schema: str | None) -> str:
    """Return the key of a table, type or view: its name, with the schema if there is one."""
    return f"{schema}.{name}" if schema else str(name)


def table_for(state: State, name: str, schema: str | None) -> TableState:
    """Return the table; one that the history does not show is made, and marked as not known."""
    key = key_of(name, schema)
    if key not in state.tables:
        state.tables[key] = TableState(str(name), schema, known=False)
    return state.tables[key]
