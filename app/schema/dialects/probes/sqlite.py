"""The schema table of SQLite, as probes ask for it. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from .catalogue import Catalogue, ColumnFact, ConstraintFact, IndexFact, quoted_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Row

_KINDS = ("table", "view", "index", "trigger")


class SQLiteCatalogue(Catalogue):
    """One SQLite database, seen through one connection."""

    dialect_name = "sqlite"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, **values: Any) -> Sequence[Row[Any]]:
        """Run a query."""
        return self._connection.execute(text(sql), values).all()

    def fold(self, name: str) -> str:
        """Return the name in small letters: names are compared without case."""
        return name.lower()

    def quoted(self, schema: str | None, name: str) -> str:
        """Return a name in double quotes where it needs them."""
        return quoted_name(self._connection.dialect, schema, name)

    def home(self, schema: str | None) -> str | None:
        """Return the main database."""
        return schema or "main"

    def place(self, schema: str | None, name: str, *kinds: str) -> str | None:
        """Return the database in which an object is."""
        found = [kind for kind in kinds if self._entry(schema, kind, name)]
        return self.home(schema) if found else None

    def _entry(self, schema: str | None, kind: str, name: str) -> Row[Any] | None:
        catalogue = self.quoted(self.home(schema), "sqlite_master")
        query = f"SELECT tbl_name, sql FROM {catalogue} WHERE type = :kind AND lower(name) = lower(:name)"  # noqa: S608  # a quoted name
        return next(iter(self.rows(query, kind=kind, name=name)), None)

    def columns(self, schema: str | None, table: str) -> Mapping[str, ColumnFact]:
        """Return the columns."""
        query = 'SELECT name, type, "notnull" AS needed, dflt_value, hidden FROM pragma_table_xinfo(:table, :schema)'
        found = self.rows(query, table=table, schema=self.home(schema))
        return {
            self.fold(row.name): ColumnFact(
                row.name, row.type, not row.needed, row.dflt_value, generated=row.hidden in (2, 3)
            )
            for row in found
        }

    def indexes(self, schema: str | None, table: str) -> Sequence[IndexFact]:
        """Return the indexes of a table, those of its constraints among them."""
        query = 'SELECT name, "unique" AS one, origin, partial FROM pragma_index_list(:table, :schema)'
        return [
            IndexFact(
                row.name,
                table,
                self._parts(schema, row.name),
                bool(row.one),
                schema,
                partial=bool(row.partial),
                owned=row.origin != "c",
            )
            for row in self.rows(query, table=table, schema=self.home(schema))
        ]

    def _parts(self, schema: str | None, index: str) -> tuple[str | None, ...]:
        query = "SELECT name FROM pragma_index_info(:index, :schema) ORDER BY seqno"
        return tuple(row.name for row in self.rows(query, index=index, schema=self.home(schema)))

    def index(self, schema: str | None, name: str, table: str | None) -> IndexFact | None:
        """Return an index by its name, which no other in the database has."""
        entry = self._entry(schema, "index", name)
        found = self.indexes(schema, entry.tbl_name) if entry is not None else ()
        return next((index for index in found if self.fold(index.name) == self.fold(name)), None)

    def constraints(self, schema: str | None, table: str) -> Sequence[ConstraintFact]:
        """Return nothing: a table of SQLite gets its constraints when it is created, and keeps them."""
        return ()

    def comment(self, schema: str | None, table: str) -> str | None:
        """Return nothing: SQLite has no comments."""
        return None

    def exists(self, kind: str, schema: str | None, name: str, table: str | None = None) -> bool | None:
        """Whether an object is there."""
        return self._entry(schema, kind, name) is not None if kind in _KINDS else None
