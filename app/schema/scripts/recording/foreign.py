"""Operations of packages that add verbs to `op`, recognised although the package is not installed here.

Each function is named after the verb, takes what the revision passes, and returns the operations that it comes to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.operations.ops import AlterColumnOp, MigrateOperation
from sqlalchemy import Enum

from .stubs import Stub

if TYPE_CHECKING:
    from collections.abc import Sequence


def sync_enum_values(
    enum_schema: str,
    enum_name: str,
    new_values: Sequence[str],
    affected_columns: Sequence[Any] = (),
    **_kw: Any,
) -> list[MigrateOperation]:
    """alembic-postgresql-enum 1.11: a new type is made and every column of the old one is changed to it."""
    changed: list[MigrateOperation] = []
    for column in affected_columns:
        table, name, schema = _place(column)
        new_type = Enum(*new_values, name=f"{enum_name}_new", schema=enum_schema)
        kw: dict[str, Any] = {"postgresql_using": f"{name}::text::{enum_name}_new"}
        where = None if schema in (None, "public") else schema
        changed.append(AlterColumnOp(table, name, schema=where, modify_type=new_type, **kw))
    return changed


def _place(column: Any) -> tuple[str, str, str | None]:
    """Return table, column and schema of a `TableReference`, or of the pair that older versions take."""
    if isinstance(column, Stub):
        given = {
            **dict(zip(("table_name", "column_name"), column.arguments, strict=False)),
            **column.keywords,
        }
        return str(given.get("table_name")), str(given.get("column_name")), given.get("table_schema")
    if isinstance(column, tuple):
        return str(column[0]), str(column[1]), None
    return str(column.table_name), str(column.column_name), getattr(column, "table_schema", None)


def recognised(
    verb: str, arguments: Sequence[Any], keywords: dict[str, Any]
) -> list[MigrateOperation] | None:
    """Return what a verb comes to; None if it is not known, or called in a way that is not."""
    known = {"sync_enum_values": sync_enum_values}.get(verb)
    try:
        return known(*arguments, **keywords) if known else None
    except (TypeError, AttributeError, IndexError):
        return None
