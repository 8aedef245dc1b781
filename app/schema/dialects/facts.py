"""A live database → facts: estimated rows, sizes, the oldest open transaction. Reads only, from statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from ..core.facts import Facts, TableFacts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from ..core.server import Server

_POSTGRESQL_TABLES = """
    SELECT CASE WHEN n.nspname = current_schema() THEN c.relname ELSE n.nspname || '.' || c.relname END AS name,
           greatest(c.reltuples, 0)::bigint AS row_count, pg_total_relation_size(c.oid) AS size
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
"""
_POSTGRESQL_OLDEST = """
    SELECT extract(epoch FROM max(now() - xact_start)) FROM pg_stat_activity
    WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid() AND datname = current_database()
"""
_POSTGRESQL_FUNCTIONS = """
    SELECT DISTINCT proname, provolatile FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
"""
_MYSQL_TABLES = """
    SELECT table_name AS name, coalesce(table_rows, 0) AS row_count,
           coalesce(data_length, 0) + coalesce(index_length, 0) AS size
    FROM information_schema.tables WHERE table_schema = database() AND table_type = 'BASE TABLE'
"""
# The storage engine writes its times in the zone of the server, whatever that of the session is (measured on 10.11).
_MYSQL_OLDEST = """
    SELECT max(timestampdiff(SECOND, trx_started, convert_tz(now(), @@session.time_zone, 'SYSTEM')))
    FROM information_schema.innodb_trx WHERE trx_mysql_thread_id <> connection_id()
"""

_SQLITE_TABLES = """
    SELECT name FROM sqlite_master
    WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE '%WITHOUT ROWID%'
"""


def gather(connection: Connection, server: Server) -> Facts:
    """Return what the database's own statistics say. Never counts the rows of a table on a server.

    :param connection: a connection of its own; its transaction is the caller's to end.
    """
    if server.engine == "postgresql":
        return _postgresql(connection, server)
    if server.engine == "sqlite":
        return Facts(server, tables=_sqlite_tables(connection))
    return Facts(
        server,
        tables=_tables(connection, _MYSQL_TABLES),
        longest_transaction=_seconds(connection.scalar(text(_MYSQL_OLDEST))),
    )


def _postgresql(connection: Connection, server: Server) -> Facts:
    functions = connection.execute(text(_POSTGRESQL_FUNCTIONS)).all()
    return Facts(
        server,
        tables=_tables(connection, _POSTGRESQL_TABLES),
        longest_transaction=_seconds(connection.scalar(text(_POSTGRESQL_OLDEST))),
        volatile_functions=frozenset(name for name, kind in functions if kind == "v"),
        stable_functions=frozenset(name for name, kind in functions if kind in ("s", "i")),
    )


def _tables(connection: Connection, query: str) -> Mapping[str, TableFacts]:
    rows = connection.execute(text(query)).all()
    return {row.name: TableFacts(int(row.row_count), int(row.size)) for row in rows}


def _sqlite_tables(connection: Connection) -> Mapping[str, TableFacts]:
    """SQLite keeps no statistics: the highest rowid stands for the rows, the file's size for every table's."""
    names = connection.scalars(text(_SQLITE_TABLES)).all()
    size = (
        connection.scalar(text("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"))
        or 0
    )
    quote = connection.dialect.identifier_preparer.quote
    counts = {name: connection.scalar(text(f"SELECT max(rowid) FROM {quote(name)}")) or 0 for name in names}  # noqa: S608  (a quoted name from the catalogue)
    return {name: TableFacts(int(rows), int(size)) for name, rows in counts.items()}


def _seconds(value: object) -> float | None:
    return None if value is None else float(str(value))
