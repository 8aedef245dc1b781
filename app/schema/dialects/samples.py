"""A few rows in every table of a PostgreSQL scratch database, so that rewrites and scans have something to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

ROWS = 3

_TABLES = """
    SELECT c.oid, c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1
"""
_COLUMNS = """
    SELECT quote_ident(a.attname) AS name, t.typcategory AS category, t.typname AS type, t.typtype AS kind,
           format_type(a.atttypid, a.atttypmod) AS full_type, a.attnotnull AS required, a.atttypid AS type_oid
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = :oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = '' AND a.attgenerated = ''
      AND NOT (a.atthasdef AND a.attnotnull)
"""
# Values by type name, then by category of type (PostgreSQL manual, pg_type.typcategory); `n` is the row's number.
_BY_TYPE = {
    "uuid": "gen_random_uuid()",
    "json": "'{}'::json",
    "jsonb": "'{}'::jsonb",
    "bytea": "'x'::bytea",
    "bpchar": "left('x' || n, 1)",
}
_BY_CATEGORY = {
    "N": "n",
    "S": "'x' || n",
    "B": "true",
    "D": "now()",
    "T": "interval '1 day'",
    "I": "'127.0.0.1'",
    "A": "'{}'",
    "V": "B'1'",
}


def fill(connection: Connection) -> list[str]:
    """Put rows into every table, without regard to foreign keys; commits.

    :return: the tables that took no rows, because a CHECK or a type wants values that are not known here.
    """
    connection.execute(text("SET session_replication_role = replica"))
    tables = connection.execute(text(_TABLES)).all()
    refused = [table.name for table in tables if not _fill_table(connection, table)]
    connection.execute(text("SET session_replication_role = DEFAULT"))
    connection.commit()
    return refused


def _fill_table(connection: Connection, table: Row[tuple[int, str]]) -> bool:
    columns = connection.execute(text(_COLUMNS), {"oid": table.oid}).all()
    values = {column.name: value for column in columns if (value := _value(column))}
    rows = f"generate_series(1, {ROWS}) AS n"
    names, expressions = ", ".join(values), ", ".join(values.values())
    statement = f"INSERT INTO {table.name} ({names}) SELECT {expressions} FROM {rows}"  # noqa: S608  (quoted by the server)
    if not values:
        statement = f"INSERT INTO {table.name} DEFAULT VALUES"
    return _attempt(connection, statement)


def _value(column: Row[Sequence[object]]) -> str | None:
    """Return an expression for a column, None to leave it NULL."""
    if column.kind == "e":
        label = f"(SELECT enumlabel FROM pg_enum WHERE enumtypid = {column.type_oid} LIMIT 1)"  # noqa: S608  (a number from the catalogue)
        return f"CAST({label} AS {column.full_type})"
    expression = _BY_TYPE.get(column.type) or _BY_CATEGORY.get(column.category)
    if expression is None:
        return None
    return f"CAST({expression} AS {column.full_type})"


def _attempt(connection: Connection, statement: str) -> bool:
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(statement)
    except DBAPIError:
        return False
    return True
