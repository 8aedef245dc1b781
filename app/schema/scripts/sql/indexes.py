"""The columns and expressions of an index, between its parentheses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .lexer import Kind
from .text import literal_text, unwrapped

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import TextClause

    from .cursor import Cursor


@dataclass(frozen=True)
class IndexColumn:
    """One part of an index.

    `name` is the column's name or the expression's text, `length` a MySQL prefix length, `opclass` an operator class.
    """

    name: str
    sql: str
    expression: bool = False
    length: int | None = None
    opclass: str | None = None

    def element(self) -> str | TextClause:
        """Return what `op.create_index` takes: a name, or text."""
        return literal_text(self.sql) if self.expression else self.name


def index_columns(group: Cursor) -> list[IndexColumn]:
    """Read the parts of an index between its parentheses."""
    return [_column(item) for item in group.items()]


def _column(item: Cursor) -> IndexColumn:
    sql = item.everything()
    if not item.at_name() or item.token(1).key in (".", "::"):
        return IndexColumn(unwrapped(sql), sql, expression=True)
    name = item.name()
    if item.done or (item.accept("ASC") and item.done):
        return IndexColumn(name, name)
    if item.at("(") and item.server.dialect_name == "mysql":
        return _prefix(item, name, sql)
    if item.token().kind in (Kind.WORD, Kind.NAME) and not item.at_any(("DESC", "NULLS", "COLLATE", "ASC")):
        opclass = item.name()
        if item.done:
            return IndexColumn(name, name, opclass=opclass)
    return IndexColumn(sql, sql, expression=True)


def _prefix(item: Cursor, name: str, sql: str) -> IndexColumn:
    length = item.group().everything()
    item.accept("ASC")
    if length.isdecimal() and item.done:
        return IndexColumn(name, name, length=int(length))
    return IndexColumn(sql, sql, expression=True)


def index_keywords(columns: list[IndexColumn]) -> dict[str, Any]:
    """Return the keywords of `op.create_index` that the columns call for."""
    lengths = {column.name: column.length for column in columns if column.length}
    classes = {column.name: column.opclass for column in columns if column.opclass}
    found: dict[str, Any] = {}
    if lengths:
        found["mysql_length"] = lengths
    if classes:
        found["postgresql_ops"] = classes
    return found
