"""PostgreSQL's catalogue, as probes ask for it. Reads only, and waits for no lock of a table."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, text

from ...core.waits import Blocker
from .catalogue import Catalogue, ColumnFact, ConstraintFact, IndexFact, quoted_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Row

_RELATIONS = {
    "table": ("r", "p", "f"),
    "view": ("v",),
    "materialized view": ("m",),
    "sequence": ("S",),
    "index": ("i", "I"),
}
_PLACE = """
    SELECT c.oid, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname = :name AND c.relkind::text IN :kinds AND n.nspname::text IN :schemas
"""
_COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
           pg_get_expr(d.adbin, d.adrelid) AS value, col_description(a.attrelid, a.attnum) AS comment,
           a.attgenerated::text AS generated, a.attidentity::text AS identity
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = :oid AND a.attnum > 0 AND NOT a.attisdropped
"""
_INDEXES = """
    SELECT i.relname AS name, t.relname AS table_name, n.nspname AS schema, x.indisunique,
           x.indisvalid AND x.indisready AND x.indislive AS valid, x.indpred IS NOT NULL AS partial,
           EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x')) AS owned,
           i.relkind = 'I' AS parts,
           ARRAY(SELECT (SELECT a.attname::text FROM pg_attribute a
                         WHERE a.attrelid = x.indrelid AND a.attnum = part.number AND part.number <> 0)
                 FROM unnest(x.indkey::int2[]) WITH ORDINALITY part (number, place)
                 WHERE part.place <= x.indnkeyatts ORDER BY part.place) AS columns
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
    JOIN pg_namespace n ON n.oid = i.relnamespace
"""
_CONSTRAINTS = """
    SELECT k.conname AS name, k.contype::text AS kind, r.relname AS referred, k.convalidated AS validated,
           k.confdeltype::text AS ondelete, k.confupdtype::text AS onupdate,
           pg_get_expr(k.conbin, k.conrelid) AS expression,
           ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY part (number, place)
                 JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = part.number
                 ORDER BY part.place) AS columns
    FROM pg_constraint k LEFT JOIN pg_class r ON r.oid = k.confrelid WHERE k.conrelid = :oid
"""
_BUILDERS = """
    SELECT p.pid, a.usename AS owner, a.application_name AS application,
           extract(epoch FROM clock_timestamp() - a.query_start) AS age, p.phase
    FROM pg_stat_progress_create_index p JOIN pg_stat_activity a ON a.pid = p.pid
    WHERE p.index_relid = to_regclass(:name) AND p.pid <> pg_backend_pid()
"""
# What REINDEX CONCURRENTLY calls the second index (manual, "REINDEX", "Rebuilding Indexes Concurrently").
_HALFWAY = r"i.relname ~ '_cc(new|old)[0-9]*$' AND NOT (x.indisvalid AND x.indisready AND x.indislive)"
_BODIES = """
    SELECT p.prosrc AS body FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.proname = :name AND n.nspname::text IN :schemas
"""
_UNVALIDATED = """
    SELECT n.nspname AS schema, t.relname AS table_name, k.conname AS name
    FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
    WHERE NOT k.convalidated AND k.conname IN :names
"""
_KINDS = {
    "p": "primary key", "u": "unique", "c": "check", "f": "foreign key", "x": "exclude", "n": "not null",
}  # fmt: skip
_ACTIONS = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
_OF_TABLE = """
    SELECT 1 FROM {catalogue} x JOIN pg_class c ON c.oid = x.{relation} JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE x.{column} = :name AND c.relname = :table AND n.nspname::text IN :schemas
"""
_IN_SCHEMA = """
    SELECT 1 FROM {catalogue} x JOIN pg_namespace n ON n.oid = x.{schema}
    WHERE x.{column} = :name AND n.nspname::text IN :schemas {more}
"""
_OBJECTS = {
    "schema": "SELECT 1 FROM pg_namespace WHERE nspname = :name",
    "database": "SELECT 1 FROM pg_database WHERE datname = :name",
    "extension": "SELECT 1 FROM pg_extension WHERE extname = :name",
    "publication": "SELECT 1 FROM pg_publication WHERE pubname = :name",
    "role": "SELECT 1 FROM pg_roles WHERE rolname = :name",
    "type": _IN_SCHEMA.format(catalogue="pg_type", schema="typnamespace", column="typname", more=""),
    "function": _IN_SCHEMA.format(catalogue="pg_proc", schema="pronamespace", column="proname", more=""),
    "collation": _IN_SCHEMA.format(
        catalogue="pg_collation", schema="collnamespace", column="collname", more=""
    ),
    "statistics": _IN_SCHEMA.format(
        catalogue="pg_statistic_ext", schema="stxnamespace", column="stxname", more=""
    ),
    "trigger": _OF_TABLE.format(catalogue="pg_trigger", relation="tgrelid", column="tgname"),
    "policy": _OF_TABLE.format(catalogue="pg_policy", relation="polrelid", column="polname"),
    "rule": _OF_TABLE.format(catalogue="pg_rewrite", relation="ev_class", column="rulename"),
}


class PostgreSQLCatalogue(Catalogue):
    """One PostgreSQL database, seen through one connection."""

    dialect_name = "postgresql"

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def search_path(self) -> tuple[str, ...]:
        """The schemas in which a name without one is looked for, those that are there, in order."""
        found = self.rows("SELECT s::text AS name FROM unnest(current_schemas(false)) s")
        return tuple(row.name for row in found)

    def rows(self, sql: str, **values: Any) -> Sequence[Row[Any]]:
        """Run a query. A value that is a tuple stands behind `IN`."""
        lists: list[Any] = [
            bindparam(name, expanding=True) for name, value in values.items() if isinstance(value, tuple)
        ]
        # For an empty list SQLAlchemy writes a query of numbers, which PostgreSQL does not compare with names.
        given = {name: value if value != () else ("",) for name, value in values.items()}
        return self._connection.execute(text(sql).bindparams(*lists), given).all()

    def schemas(self, schema: str | None) -> tuple[str, ...]:
        """Return the schemas in which an object is looked for."""
        return (schema,) if schema else (self.search_path or ("public",))

    def fold(self, name: str) -> str:
        """Return the name as it is: case counts."""
        return name

    def quoted(self, schema: str | None, name: str) -> str:
        """Return a name in double quotes where it needs them."""
        return quoted_name(self._connection.dialect, schema, name)

    def home(self, schema: str | None) -> str | None:
        """Return the first schema of the search path that is there."""
        return schema or next(iter(self.search_path), None)

    def place(self, schema: str | None, name: str, *kinds: str) -> str | None:
        """Return the schema of a relation, the first in the order of the search path."""
        found = self._relation(schema, name, *kinds)
        return str(found.nspname) if found is not None else None

    def oid(self, schema: str | None, table: str) -> int | None:
        """Return the number of a table, view or index."""
        found = self._relation(schema, table, *_RELATIONS)
        return int(found.oid) if found is not None else None

    def _relation(self, schema: str | None, name: str, *kinds: str) -> Row[Any] | None:
        letters = tuple(letter for kind in kinds for letter in _RELATIONS[kind])
        order = self.schemas(schema)
        found = self.rows(_PLACE, name=name, kinds=letters, schemas=order)
        return min(found, key=lambda row: order.index(row.nspname), default=None)

    def columns(self, schema: str | None, table: str) -> Mapping[str, ColumnFact]:
        """Return the columns."""
        oid = self.oid(schema, table)
        return {row.attname: _column(row) for row in (self.rows(_COLUMNS, oid=oid) if oid else ())}

    def indexes(self, schema: str | None, table: str) -> Sequence[IndexFact]:
        """Return the indexes of a table."""
        oid = self.oid(schema, table)
        return (
            [_index(row) for row in self.rows(f"{_INDEXES} WHERE x.indrelid = :oid", oid=oid)] if oid else []
        )

    def index(self, schema: str | None, name: str, table: str | None) -> IndexFact | None:
        """Return an index, the first in the order of the search path."""
        found = self._relation(schema, name, "index")
        rows = self.rows(f"{_INDEXES} WHERE i.oid = :oid", oid=found.oid) if found is not None else ()
        return next(map(_index, rows), None)

    def constraints(self, schema: str | None, table: str) -> Sequence[ConstraintFact]:
        """Return the constraints of a table."""
        oid = self.oid(schema, table)
        return [_constraint(row) for row in self.rows(_CONSTRAINTS, oid=oid)] if oid else []

    def comment(self, schema: str | None, table: str) -> str | None:
        """Return the comment of a table."""
        found = self.rows("SELECT obj_description(:oid, 'pg_class') AS comment", oid=self.oid(schema, table))
        return found[0].comment if found else None

    def exists(self, kind: str, schema: str | None, name: str, table: str | None = None) -> bool | None:
        """Whether an object is there."""
        if kind in _RELATIONS:
            return self._relation(schema, name, kind) is not None
        query = _OBJECTS.get(kind)
        if query is None:
            return None
        values: dict[str, Any] = {"name": name}
        if ":schemas" in query:
            values["schemas"] = self.schemas(schema)
        if ":table" in query:
            values["table"] = table
        return bool(self.rows(query, **values))

    def parents(self, schema: str | None, table: str) -> Sequence[str]:
        """Return the tables from which a table inherits or of which it is a partition."""
        query = "SELECT p.relname FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent WHERE i.inhrelid = :oid"
        return [row.relname for row in self.rows(query, oid=self.oid(schema, table))]

    def builder(self, index: IndexFact) -> str | None:
        """Return which session builds an index."""
        # Always in quotes: `to_regclass` reads the name as SQL does.
        parts = (part.replace('"', '""') for part in (index.schema or "", index.name) if part)
        found = self.rows(_BUILDERS, name=".".join(f'"{part}"' for part in parts))
        return next(
            (str(Blocker(row.pid, row.owner, row.application, float(row.age))) for row in found), None
        )

    def invalid(self, names: tuple[str, ...], tables: tuple[str, ...]) -> Sequence[IndexFact]:
        """Return the invalid indexes of some names or tables; those of partitioned tables wait for their partitions."""
        bad = "NOT (x.indisvalid AND x.indisready AND x.indislive) AND i.relkind = 'i'"
        query = f"{_INDEXES} WHERE {bad} AND (i.relname IN :names OR t.relname IN :tables)"
        return [_index(row) for row in self.rows(query, names=names, tables=tables)]

    def unvalidated(self, names: tuple[str, ...]) -> Sequence[tuple[str, str, str]]:
        """Return schema, table and name of the constraints of some names that are not valid for all rows."""
        return [(row.schema, row.table_name, row.name) for row in self.rows(_UNVALIDATED, names=names)]

    def rebuilt_halfway(self, kind: str, schema: str | None, name: str | None) -> Sequence[IndexFact]:
        """Return the second indexes that concurrent rebuilds left, of a table or all that are visible."""
        index = self.index(schema, name, None) if kind == "index" and name else None
        table = index.table if index else name if kind == "table" else None
        if kind in ("index", "table"):
            oid = self.oid(index.schema if index else schema, table) if table else None
            of_table = "x.indrelid IN (SELECT unnest(ARRAY[c.oid, c.reltoastrelid]) FROM pg_class c WHERE c.oid = :oid)"
            rows = self.rows(f"{_INDEXES} WHERE {_HALFWAY} AND {of_table}", oid=oid) if oid else ()
        elif kind == "schema" and name:
            rows = self.rows(f"{_INDEXES} WHERE {_HALFWAY} AND n.nspname = :schema", schema=name)
        else:
            rows = self.rows(f"{_INDEXES} WHERE {_HALFWAY}")
        return [_index(row) for row in rows]

    def bodies(self, schema: str | None, function: str) -> Sequence[str] | None:
        """Return the bodies of the functions of one name."""
        return [row.body for row in self.rows(_BODIES, name=function, schemas=self.schemas(schema))]


def _column(row: Row[Any]) -> ColumnFact:
    identity = {"a": "ALWAYS", "d": "BY DEFAULT"}.get(row.identity, "")
    generated = bool(row.generated)
    value = None if generated else row.value
    return ColumnFact(row.attname, row.type, row.nullable, value, row.comment, generated, identity)


def _index(row: Row[Any]) -> IndexFact:
    return IndexFact(
        row.name, row.table_name, tuple(row.columns), row.indisunique, row.schema, row.valid, row.partial,
        row.owned, row.parts,
    )  # fmt: skip


def _constraint(row: Row[Any]) -> ConstraintFact:
    return ConstraintFact(
        row.name,
        _KINDS.get(row.kind, row.kind),
        tuple(row.columns),
        row.referred,
        _ACTIONS.get(row.ondelete, "NO ACTION"),
        _ACTIONS.get(row.onupdate, "NO ACTION"),
        row.expression,
        row.validated,
    )
