"""The information schema of MySQL and MariaDB, as probes ask for it. Reads only."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from .catalogue import Catalogue, ColumnFact, ConstraintFact, IndexFact, quoted_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Row

_TYPES = {
    "table": ("BASE TABLE", "SYSTEM VERSIONED"),
    "view": ("VIEW",),
    "sequence": ("SEQUENCE",),
}
_PLACE = """
    SELECT table_schema AS home, table_type AS type, engine AS engine, table_comment AS comment
    FROM information_schema.tables WHERE table_schema = coalesce(:schema, database()) AND table_name = :name
"""
_COLUMNS = """
    SELECT column_name AS name, column_type AS type, is_nullable = 'YES' AS nullable, column_default AS value,
           column_comment AS comment, coalesce(generation_expression, '') <> '' AS made
    FROM information_schema.columns WHERE table_schema = coalesce(:schema, database()) AND table_name = :name
"""
_INDEXES = """
    SELECT index_name AS name, non_unique = 0 AS is_unique, column_name AS part
    FROM information_schema.statistics WHERE table_schema = coalesce(:schema, database()) AND table_name = :name
    ORDER BY index_name, seq_in_index
"""
_CONSTRAINTS = """
    SELECT k.constraint_name AS name, lower(k.constraint_type) AS kind, r.referenced_table_name AS referred,
           r.delete_rule AS ondelete, r.update_rule AS onupdate
    FROM information_schema.table_constraints k
    LEFT JOIN information_schema.referential_constraints r
      ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name
     AND r.table_name = k.table_name AND k.constraint_type = 'FOREIGN KEY'
    WHERE k.table_schema = coalesce(:schema, database()) AND k.table_name = :name
"""
_KEYS = """
    SELECT constraint_name AS name, column_name AS part, referenced_table_name IS NOT NULL AS refers
    FROM information_schema.key_column_usage
    WHERE table_schema = coalesce(:schema, database()) AND table_name = :name
    ORDER BY constraint_name, ordinal_position
"""
_CHECKS = """
    SELECT constraint_name AS name, check_clause AS expression FROM information_schema.check_constraints
    WHERE constraint_schema = coalesce(:schema, database())
"""
_OBJECTS = {
    "schema": "SELECT 1 FROM information_schema.schemata WHERE schema_name = :name",
    "database": "SELECT 1 FROM information_schema.schemata WHERE schema_name = :name",
    "trigger": """
        SELECT 1 FROM information_schema.triggers
        WHERE trigger_schema = coalesce(:schema, database()) AND trigger_name = :name
    """,
    "function": """
        SELECT 1 FROM information_schema.routines
        WHERE routine_schema = coalesce(:schema, database()) AND routine_name = :name
    """,
    "event": """
        SELECT 1 FROM information_schema.events
        WHERE event_schema = coalesce(:schema, database()) AND event_name = :name
    """,
    "partition": """
        SELECT 1 FROM information_schema.partitions
        WHERE table_schema = coalesce(:schema, database()) AND table_name = :table AND partition_name = :name
    """,
    "partitioning": """
        SELECT 1 FROM information_schema.partitions
        WHERE table_schema = coalesce(:schema, database()) AND table_name = :name AND partition_name IS NOT NULL
    """,
}


class MySQLCatalogue(Catalogue):
    """One MySQL or MariaDB database, seen through one connection."""

    dialect_name = "mysql"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, **values: Any) -> Sequence[Row[Any]]:
        """Run a query."""
        return self._connection.execute(text(sql), values).all()

    def fold(self, name: str) -> str:
        """Return the name in small letters: names of columns, indexes and constraints are compared without case."""
        return name.lower()

    def quoted(self, schema: str | None, name: str) -> str:
        """Return a name in backquotes where it needs them."""
        return quoted_name(self._connection.dialect, schema, name)

    @cached_property
    def _database(self) -> str | None:
        found = self._connection.scalar(text("SELECT database()"))
        return str(found) if found is not None else None

    def home(self, schema: str | None) -> str | None:
        """Return the connection's database."""
        return schema or self._database

    def place(self, schema: str | None, name: str, *kinds: str) -> str | None:
        """Return the database in which a table, view or sequence is."""
        types = [type_ for kind in kinds for type_ in _TYPES.get(kind, ())]
        found = self.rows(_PLACE, schema=schema, name=name)
        return next((str(row.home) for row in found if row.type in types), None)

    def keeps_transactions(self, schema: str | None, table: str) -> bool:
        """Whether a statement that writes many rows of a table writes all of them or none."""
        return any(row.engine == "InnoDB" for row in self.rows(_PLACE, schema=schema, name=table))

    def columns(self, schema: str | None, table: str) -> Mapping[str, ColumnFact]:
        """Return the columns."""
        found = self.rows(_COLUMNS, schema=schema, name=table)
        return {self.fold(row.name): _column(row) for row in found}

    def indexes(self, schema: str | None, table: str) -> Sequence[IndexFact]:
        """Return the indexes of a table, that of its primary key among them."""
        parts: dict[str, list[str | None]] = {}
        unique: dict[str, bool] = {}
        for row in self.rows(_INDEXES, schema=schema, name=table):
            parts.setdefault(row.name, []).append(row.part)
            unique[row.name] = bool(row.is_unique)
        return [
            IndexFact(name, table, tuple(columns), unique[name], schema, owned=name == "PRIMARY")
            for name, columns in parts.items()
        ]

    def index(self, schema: str | None, name: str, table: str | None) -> IndexFact | None:
        """Return an index of a table."""
        found = self.indexes(schema, table) if table else ()
        return next((index for index in found if self.fold(index.name) == self.fold(name)), None)

    def constraints(self, schema: str | None, table: str) -> Sequence[ConstraintFact]:
        """Return the constraints of a table."""
        found = self.rows(_CONSTRAINTS, schema=schema, name=table)
        columns: dict[tuple[str, bool], list[str]] = {}
        for row in self.rows(_KEYS, schema=schema, name=table):
            columns.setdefault((row.name, bool(row.refers)), []).append(row.part)
        checks = self._checks(schema, table) if any(row.kind == "check" for row in found) else {}
        return [
            ConstraintFact(
                row.name,
                row.kind,
                tuple(columns.get((row.name, row.kind == "foreign key"), ())),
                row.referred,
                _action(row.ondelete),
                _action(row.onupdate),
                checks.get(row.name),
            )
            for row in found
        ]

    def _checks(self, schema: str | None, table: str) -> dict[str, str]:
        # In MariaDB a check's name is unique for its table only; MySQL has no column for the table.
        try:
            found = self.rows(f"{_CHECKS} AND table_name = :name", schema=schema, name=table)
        except DBAPIError:
            found = self.rows(_CHECKS, schema=schema)
        return {row.name: row.expression for row in found}

    def comment(self, schema: str | None, table: str) -> str | None:
        """Return the comment of a table."""
        return next((row.comment or None for row in self.rows(_PLACE, schema=schema, name=table)), None)

    def exists(self, kind: str, schema: str | None, name: str, table: str | None = None) -> bool | None:
        """Whether an object is there."""
        if kind in _TYPES:
            return self.place(schema, name, kind) is not None
        query = _OBJECTS.get(kind)
        if query is None:
            return None
        values = {key: value for key, value in (("schema", schema), ("table", table)) if f":{key}" in query}
        return bool(self.rows(query, name=name, **values))


def _column(row: Row[Any]) -> ColumnFact:
    # MariaDB writes the default NULL out; MySQL leaves it away.
    value = None if row.value is None or str(row.value).upper() == "NULL" else str(row.value)
    return ColumnFact(row.name, str(row.type), bool(row.nullable), value, row.comment or None, bool(row.made))


def _action(rule: str | None) -> str:
    return "NO ACTION" if rule in (None, "RESTRICT", "NO ACTION") else str(rule)
