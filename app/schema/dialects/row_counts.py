"""How many rows a table holds and how many values a column, on a live database of any size.

Exact up to a limit. Beyond it, or where counting would take too long or would have to wait for a lock, the server's
own statistics answer.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import column as column_named
from sqlalchemy import func, inspect, literal, literal_column, or_, select, text
from sqlalchemy import table as table_named
from sqlalchemy.exc import DBAPIError, NoSuchTableError
from sqlalchemy.types import Boolean, Date, DateTime, Integer, Numeric, String, Uuid

from ..core.loss import Amount, Certainty
from .bounded_reads import bounded

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection
    from sqlalchemy.sql.expression import TableClause

Answer = TypeVar("Answer")

MOST = 1_000_000
"""Rows that are counted one by one."""

# Types whose values every engine compares.
_COMPARABLE = (Boolean, Date, DateTime, Integer, Numeric, String, Uuid)
_CONSTANT = re.compile(
    r"""\A\s*(?:-?\d+(?:\.\d+)?|true|false|'(?:[^']|'')*')(?:::[\w\s."]+(?:\(\d+(?:,\s*\d+)?\))?)?\s*\Z""",
    re.IGNORECASE,
)
_RANGES = {"tinyint": 8, "smallint": 16, "mediumint": 24, "integer": 32, "bigint": 64}

_POSTGRESQL_ROWS = "SELECT reltuples FROM pg_class WHERE oid = to_regclass(:name)"
_POSTGRESQL_VALUES = """
    SELECT c.reltuples * (1 - s.null_frac) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname
    WHERE c.oid = to_regclass(:name) AND s.attname = :column
"""
_MYSQL_ROWS = """
    SELECT table_rows FROM information_schema.tables
    WHERE table_schema = coalesce(:schema, database()) AND table_name = :table
"""


@dataclass
class Counter:
    """Counts on one connection; in all for at most `in_all` seconds.

    :param most: how many are counted one by one.
    :param seconds: for how long one count may run; :param wait: for how long of that it may wait for a lock.
    """

    connection: Connection
    most: int = MOST
    seconds: float = 2.0
    wait: float = 0.1
    in_all: float = 10.0
    _known: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    _end: float = field(init=False)

    def __post_init__(self) -> None:
        self._end = time.monotonic() + self.in_all

    def columns(self, key: str) -> dict[str, Any] | None:
        """The columns of a table as SQLAlchemy's inspector tells them, by name; `None` if there is no such table.

        Empty if the server did not answer in time.
        """
        if key not in self._known:
            self._known[key] = self._columns(key)
        return self._known[key]

    def _columns(self, key: str) -> dict[str, Any] | None:
        schema, _, name = key.rpartition(".")
        try:
            with bounded(self.connection, self.seconds, self.wait):
                found = inspect(self.connection).get_columns(name, schema=schema or None)
        except NoSuchTableError:
            return None
        except DBAPIError as error:
            return _forgiven(error, {})
        return {str(info["name"]): dict(info) for info in found}

    def rows(self, key: str) -> Amount | None:
        """Count the rows of a table; `None` if there is no such table."""
        if self.columns(key) is None:
            return None
        number = self._number(_table(key), None)
        return self._counted(number) or self._estimated(key, None)

    def values(self, key: str, name: str) -> Amount | None:
        """Count what a column holds besides NULL and a constant default; `None` if there is no such column.

        A generated column holds nothing of its own.
        """
        info = self.column(key, name)
        if info is None:
            return None
        if info.get("computed"):
            return Amount(0, Certainty.EXACT)
        return self._where(key, str(info["name"]), _said(info))

    def misfits(self, key: str, name: str, *, length: int | None = None, whole: str | None = None) -> Amount:
        """Count the values of a column that are longer than `length`, or outside of a type of whole numbers."""
        column: ColumnElement[Any] = column_named(name)
        if length is not None:
            return self._where(key, name, func.char_length(column) > length)
        top = 2 ** (_RANGES[whole or "bigint"] - 1)
        return self._where(key, name, or_(column < -top, column >= top))

    def column(self, key: str, name: str) -> dict[str, Any] | None:
        """What the inspector tells of a column; `None` if it is not there. Unknown if the server did not answer."""
        columns = self.columns(key)
        if columns is None:
            return None
        if not columns:
            return {"name": name}
        folded = {known.lower(): info for known, info in columns.items()}
        return columns.get(name) or (
            None if self.connection.dialect.name == "postgresql" else folded.get(name.lower())
        )

    def _where(self, key: str, name: str, condition: ColumnElement[bool]) -> Amount:
        return self._counted(self._number(_table(key), condition)) or self._estimated(key, name)

    def _number(self, source: TableClause, condition: ColumnElement[bool] | None) -> int | None:
        """Count up to one more than `most`; `None` if that was not possible in time."""
        some = select(literal(1).label("one")).select_from(source).limit(self.most + 1)
        if condition is not None:
            some = some.where(condition)
        left = min(self.seconds, self._end - time.monotonic())
        if left <= 0:
            return None
        number: int | None = self._answer(select(func.count()).select_from(some.subquery()), left)
        return number

    def _answer(self, query: Any, seconds: float, **parameters: Any) -> Any:
        try:
            with bounded(self.connection, seconds, self.wait):
                return self.connection.scalar(query, parameters)
        except DBAPIError as error:
            return _forgiven(error, None)

    def _counted(self, number: int | None) -> Amount | None:
        if number is None:
            return None
        exact = number <= self.most
        return Amount(number, Certainty.EXACT) if exact else Amount(self.most, Certainty.MORE)

    def _estimated(self, key: str, name: str | None) -> Amount:
        """Ask the server's statistics; that is quick also when there is no time left to count."""
        if self.connection.dialect.name == "postgresql" and name:
            known = self._answer(
                text(_POSTGRESQL_VALUES), self.wait, name=_quoted(self.connection, key), column=name
            )
            if known is not None and known >= 1:
                return Amount(round(known), Certainty.ABOUT)
        rows = self._estimated_rows(key)
        if not rows or rows < 1:  # not gathered yet, or not up to date: no word that there is nothing
            return Amount()
        return Amount(round(rows), Certainty.AT_MOST if name else Certainty.ABOUT)

    def _estimated_rows(self, key: str) -> float | None:
        schema, _, name = key.rpartition(".")
        engine = self.connection.dialect.name
        if engine == "postgresql":
            found = self._answer(text(_POSTGRESQL_ROWS), self.wait, name=_quoted(self.connection, key))
        elif engine == "sqlite":  # which keeps no statistics: the highest rowid stands for them
            found = self._answer(select(func.max(column_named("rowid"))).select_from(_table(key)), self.wait)
        else:
            found = self._answer(text(_MYSQL_ROWS), self.seconds, schema=schema or None, table=name)
        return None if found is None else float(found)


def _said(info: dict[str, Any]) -> ColumnElement[bool]:
    """Return the condition that a column holds something that its definition alone would not give back."""
    column: ColumnElement[Any] = column_named(str(info["name"]))
    default = info.get("default")
    given = column.is_not(None)
    if isinstance(default, str) and _CONSTANT.match(default) and isinstance(info.get("type"), _COMPARABLE):
        return given & column.is_distinct_from(literal_column(default))
    return given


def _table(key: str) -> TableClause:
    schema, _, name = key.rpartition(".")
    return table_named(name, schema=schema or None)


def _quoted(connection: Connection, key: str) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return ".".join(quote(part) for part in key.rsplit(".", 1))


def _forgiven(error: DBAPIError, instead: Answer) -> Answer:
    """Go on without the answer, unless there is nobody left to ask."""
    if error.connection_invalidated:
        raise error
    return instead
