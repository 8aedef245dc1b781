"""PostgreSQL: which columns may hold NULL, as far as the history tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .implication import implies_not_null

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .server import Server
    from .state import TableState


def nullable_columns(table: TableState | None, columns: Iterable[str], server: Server) -> tuple[str, ...]:
    """Return the columns that neither NOT NULL nor a validated CHECK keeps free of NULL.

    PostgreSQL looks at CHECKs from version 12 on (measured on PostgreSQL 15.18, for primary keys too).
    """
    return tuple(name for name in columns if _may_hold_null(table, name, server))


def _may_hold_null(table: TableState | None, name: str, server: Server) -> bool:
    column = table.columns.get(name) if table else None
    if column is not None and column.nullable is False:
        return False
    if table is None or not server.at_least(12):
        return True
    checks = (check for check in table.of_kind("check") if check.validated)
    return not any(implies_not_null(check.expression, name) for check in checks)
