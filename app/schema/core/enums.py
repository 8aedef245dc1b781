"""The values of an enum type, wherever they are written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations import ops

from .copies import mentions
from .ops import DmlOp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .recorded import RecordedOp
    from .state import State, TypeState


def values_of(kind: Any, types: Mapping[str, TypeState]) -> tuple[str, ...]:
    """Return the values of an enum or set; a type that is only named is looked up among those of the history."""
    values = getattr(kind, "enums", None) or getattr(kind, "values", None)
    if isinstance(values, (list, tuple)) and values:
        return tuple(map(str, values))
    key = key_of(kind)
    known = types.get(key) if key else None
    return known.values if known else ()


def key_of(kind: Any) -> str | None:
    """Return the name of a type under which the state knows it, None if it has none."""
    name, schema = getattr(kind, "name", None), getattr(kind, "schema", None)
    if not isinstance(name, str) or not name:
        return None
    return f"{schema}.{name}" if schema else name


def uses_value(step: RecordedOp, type_key: str, value: str, state: State) -> bool:
    """True if an operation makes the server turn the text of a value into the value of the enum."""
    op = step.op
    if isinstance(op, (ops.CreateTableOp, ops.AddColumnOp)):
        items = list(op.columns) if isinstance(op, ops.CreateTableOp) else [op.column]
        columns = [item for item in items if isinstance(item, sa.Column) and key_of(item.type) == type_key]
        return any(_is_default(column.server_default, value) for column in columns)
    if isinstance(op, DmlOp):
        sql = op.sql or step.sql or ""
        return _quotes(sql, value) and _touches(sql, type_key, state)
    if not _touches(str(step.table), type_key, state):
        return False
    if isinstance(op, ops.AlterColumnOp):
        return _is_default(op.modify_server_default, value)
    if isinstance(op, ops.BulkInsertOp):
        return any(value in (str(getattr(cell, "value", cell)) for cell in row.values()) for row in op.rows)
    if isinstance(op, ops.CreateCheckConstraintOp):
        return _quotes(op.condition, value)
    return isinstance(op, ops.CreateIndexOp) and _quotes(op.kw.get("postgresql_where"), value)


def _touches(text: str, type_key: str, state: State) -> bool:
    """True if a text names a table with a column of the type, or if no such table is known."""
    holders = [
        table.name
        for table in state.tables.values()
        if any(key_of(column.type) == type_key for column in table.columns.values())
    ]
    return not holders or any(mentions(text, name) for name in holders)


def _is_default(default: Any, value: str) -> bool:
    text = str(getattr(default, "arg", default))
    return default not in (None, False) and (text == value or _quotes(text, value))


def _quotes(sql: Any, value: str) -> bool:
    literal = re.escape("'" + value.replace("'", "''") + "'")
    return sql is not None and re.search(rf"(?<!'){literal}(?!')", str(sql)) is not None
