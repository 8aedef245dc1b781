"""Operations → the words that a person would have typed as the message, for a revision without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations import ops

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NAMED = 2


def message_for(operations: Iterable[ops.MigrateOperation]) -> str | None:
    """Say in a few words what a revision does; `None` if it does nothing."""
    phrases = list(dict.fromkeys(_phrases(operations)))
    more = len(phrases) - _NAMED
    if more > 0:
        return f"{', '.join(phrases[:_NAMED])} and {more} more"
    return " and ".join(phrases) or None


def _phrases(operations: Iterable[ops.MigrateOperation]) -> Iterator[str]:
    for operation in operations:
        if isinstance(operation, ops.OpContainer):
            yield from _phrases(operation.ops)
        elif phrase := _phrase(operation):
            yield phrase


def _phrase(operation: ops.MigrateOperation) -> str:
    if isinstance(operation, ops.CreateTableOp):
        return f"create {operation.table_name}"
    if isinstance(operation, ops.DropTableOp):
        return f"drop {operation.table_name}"
    if isinstance(operation, ops.AddColumnOp):
        return f"add {operation.column.name} to {operation.table_name}"
    if isinstance(operation, ops.DropColumnOp):
        return f"drop {operation.column_name} from {operation.table_name}"
    if isinstance(operation, ops.AlterColumnOp):
        return f"change {operation.column_name} of {operation.table_name}"
    return f"change {getattr(operation, 'table_name', None) or getattr(operation, 'source_table', 'schema')}"
