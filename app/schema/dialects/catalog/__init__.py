"""A live schema → a snapshot: one file for each engine, each with a fixed number of queries for a whole schema.

The queries are written by hand against the catalogue of the engine: an inspector asks table by table.
"""

from __future__ import annotations

from importlib import import_module, util
from typing import TYPE_CHECKING, Any

from ...core.errors import SchemaError
from ...core.own_tables import OWN_TABLES

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from ...core.snapshot import Snapshot


def read(connection: Connection, leave_out: Collection[tuple[str | None, str]] = ()) -> Snapshot:
    """Return what the schema consists of, without the tables of the schema engine itself.

    :param connection: its transaction is the caller's to end; nothing is written.
    :param leave_out: schema and name of tables to leave out besides, such as the version table.
    :raises SchemaError: the engine has no reader.
    """
    reader = _reader(connection.dialect.name)
    out = {(schema, name) for schema, name in leave_out}

    def wanted(schema: str | None, name: str) -> bool:
        return name not in OWN_TABLES and (schema, name) not in out

    snapshot: Snapshot = reader.read(connection, wanted)
    return snapshot


def _reader(engine: str) -> Any:
    name = f"{__name__}.{'mysql' if engine == 'mariadb' else engine}"
    if not engine.isidentifier() or util.find_spec(name) is None:
        raise SchemaError(
            f"The schema of a {engine} database cannot be read for a comparison.",
            expected="It can on PostgreSQL, MariaDB, MySQL and SQLite.",
        )
    return import_module(name)
