"""A column that is to be added, taken apart: what costs nothing at once, and what has to come later."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations.ops import AddColumnOp, AlterColumnOp

from .dml import batches
from .finding import FixStep
from .ops import DmlOp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.types import TypeEngine

    from .state import TableState


def has_value(column: sa.Column[Any]) -> bool:
    """True if the column has a server default, computed columns and identities aside."""
    return column.server_default is not None and column.computed is None and column.identity is None


def bare(op: AddColumnOp, *, default: bool = True) -> AddColumnOp:
    """Return the operation for the same column without keys, checks, indexes and generated values.

    :param default: keep the server default. A column that has none becomes nullable, so that it can be added to rows.
    """
    column = op.column
    kept = has_value(column) and default
    made: sa.Column[Any] = sa.Column(
        column.name,
        _without_check(column.type),
        server_default=getattr(column.server_default, "arg", None) if kept else None,
        nullable=bool(column.nullable) if kept else True,
        comment=column.comment,
    )
    return AddColumnOp(op.table_name, made, schema=op.schema, if_not_exists=op.if_not_exists)


def _without_check(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    if not isinstance(type_, (sa.Enum, sa.Boolean)) or not type_.create_constraint:
        return type_
    plain = copy(type_)
    plain.create_constraint = False
    return plain


def in_steps(
    op: AddColumnOp,
    revision: str,
    render: Callable[[Sequence[FixStep]], str],
    table: TableState | None,
    default: Any = None,
) -> str:
    """Return the source of adding a column empty, giving new rows its default, and filling the old rows in batches.

    :param default: the server default, that of the column if not given.
    """
    given = op.column.server_default if default is None else sa.DefaultClause(default)
    alter = AlterColumnOp(op.table_name, str(op.column.name), schema=op.schema, modify_server_default=given)
    first = render((FixStep((bare(op, default=False), alter)),))
    return "\n".join([first, f"# revision 2, after {revision}: the rows that are there", filling(op, table)])


def filling(op: AddColumnOp, table: TableState | None, value: str = "DEFAULT") -> str:
    """Return the source of a loop that fills a new column a thousand rows at a time."""
    name = f"{op.schema}.{op.table_name}" if op.schema else op.table_name
    sql = " ".join(("UPDATE", name, "SET", str(op.column.name), "=", value))
    return batches(DmlOp(op.table_name, op.schema, sql=sql), table)
