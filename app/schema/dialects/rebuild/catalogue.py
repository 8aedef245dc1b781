"""What SQLite has written down about a table: `sqlite_master`, sequences, statistics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from .lexer import key, quoted, text_of, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from .lexer import Token

_STATISTICS = ("sqlite_stat1", "sqlite_stat4")


@dataclass(frozen=True)
class Item:
    """An index, a trigger or a view.

    :param kind: "index", "trigger" or "view".
    :param table: what it belongs to.
    """

    kind: str
    name: str
    table: str
    sql: str


@dataclass(frozen=True)
class Belongings:
    """What SQLite drops together with a table.

    :param sequence: the greatest number that AUTOINCREMENT has given out.
    :param statistics: rows of the tables that ANALYZE fills, by table.
    """

    items: tuple[Item, ...]
    sequence: int | None
    statistics: dict[str, list[tuple[Any, ...]]]


class Catalogue:
    """The schema of one database of a connection.

    :param schema: "main", or the name under which a file is attached.
    """

    def __init__(self, connection: Connection, schema: str | None) -> None:
        self.connection = connection
        self.schema = schema or "main"
        self.at_once = not self._driver.in_transaction

    @property
    def _driver(self) -> Any:
        return self.connection.connection.dbapi_connection

    def run(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows.

        Outside of a transaction the runner takes each statement that it sees for one that takes effect at once, and
        commits it; there it does not see these, which stand in a savepoint.

        :raises sqlalchemy.exc.DBAPIError: if SQLite refuses it.
        """
        if self.at_once:
            return self._run_unseen(sql, values)
        result = self.connection.exec_driver_sql(sql, tuple(values))
        return [tuple(row) for row in result] if result.returns_rows else []

    def _run_unseen(self, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        errors = self.connection.dialect.loaded_dbapi.Error
        try:
            rows: list[tuple[Any, ...]] = self._driver.execute(sql, values).fetchall()
        except errors as error:
            raise DBAPIError.instance(sql, values, error, errors) from error
        return rows

    def named(self, name: str) -> str:
        """A name with its schema, quoted."""
        return f"{quoted(self.schema)}.{quoted(name)}"

    def count(self, table: str, condition: str = "TRUE") -> int:
        """Count rows."""
        ((found,),) = self.run(f"SELECT count(*) FROM {self.named(table)} WHERE {condition}")
        return int(found)

    def pragma(self, name: str, argument: str) -> list[tuple[Any, ...]]:
        """Ask a pragma about a table or an index."""
        return self.run(f"PRAGMA {quoted(self.schema)}.{name}({quoted(argument)})")

    def sql_of(self, table: str) -> str | None:
        """Return the CREATE TABLE of a table, `None` if there is none."""
        rows = self._master("type = 'table' AND name = ? COLLATE NOCASE", table)
        return rows[0].sql if rows else None

    def items(self) -> list[Item]:
        """Return all indexes that somebody has created, triggers and views."""
        return self._master("type <> 'table' AND sql IS NOT NULL")

    def tables(self) -> list[str]:
        """Return the names of all tables but SQLite's own."""
        return [
            item.name for item in self._master("type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
        ]

    def belongings(self, table: str) -> Belongings:
        """Return what would go with a table."""
        return Belongings(
            tuple(item for item in self.items() if item.kind != "view" and key(item.table) == key(table)),
            self.sequence(table),
            {
                name: self.run(f"SELECT * FROM {self.named(name)} WHERE tbl = ?", table)
                for name in self._statistics()
            },
        )

    def sequence(self, table: str) -> int | None:
        """Return the greatest number that AUTOINCREMENT has given out in a table."""
        if not self._has("sqlite_sequence"):
            return None
        rows = self.run(f"SELECT seq FROM {self.named('sqlite_sequence')} WHERE name = ?", table)
        return rows[0][0] if rows else None

    def set_sequence(self, table: str, number: int) -> None:
        """Let AUTOINCREMENT go on behind a number."""
        place = self.named("sqlite_sequence")
        if self.sequence(table) is None:
            self.run(f"INSERT INTO {place} (name, seq) VALUES (?, ?)", table, number)
        else:
            self.run(f"UPDATE {place} SET seq = max(seq, ?) WHERE name = ?", number, table)

    def put_statistics(self, belongings: Belongings) -> None:
        """Write back what ANALYZE had found, for indexes that are still there."""
        indexes = {name for (name,) in self.run(f"SELECT name FROM {self._place} WHERE type = 'index'")}
        for name, rows in belongings.statistics.items():
            for row in rows:
                if row[1] is None or row[1] in indexes:
                    marks = ", ".join("?" * len(row))
                    self.run(f"INSERT INTO {self.named(name)} VALUES ({marks})", *row)

    def create(self, item: Item) -> None:
        """Create an index or a trigger from its stored text."""
        self.run(self._in_schema(item))

    def _in_schema(self, item: Item) -> str:
        """The stored text names no schema, and without one a new object goes into "main"."""
        tokens = tokens_of(item.sql)
        before = next(n for n, token in enumerate(tokens) if _starts_name(item, tokens, n))
        return text_of(tokens[:before]) + f"{quoted(self.schema)}." + text_of(tokens[before:])

    def _statistics(self) -> Iterable[str]:
        return [name for name in _STATISTICS if self._has(name)]

    def _has(self, table: str) -> bool:
        return bool(self.run(f"SELECT 1 FROM {self._place} WHERE name = ?", table))

    def _master(self, condition: str, *values: Any) -> list[Item]:
        rows = self.run(f"SELECT type, name, tbl_name, sql FROM {self._place} WHERE {condition}", *values)
        return [Item(*row) for row in rows]

    @property
    def _place(self) -> str:
        return f"{quoted(self.schema)}.sqlite_master"


def _starts_name(item: Item, tokens: list[Token], place: int) -> bool:
    """Whether the name of what is created stands there: behind INDEX or TRIGGER, or IF NOT EXISTS."""
    if tokens[place].kind == "space" or key(tokens[place].name) != key(item.name):
        return False
    earlier = [token.keyword for token in tokens[:place] if token.kind != "space"]
    return earlier[-1:] == ["EXISTS"] or earlier[-1:] == [item.kind.upper()]
