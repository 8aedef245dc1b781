"""Databases at head, built by the migrations and emptied after each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, MetaData, NullPool, create_engine, inspect, text

from extensions import db
from tests.databases.servers import Database

VERSION_TABLE = "alembic_version"


class MigratedDatabases:
    """One database for each engine, shared by the tests of a worker.

    :param lend: creates an empty database that lives until the stack closes.
    :param folder: the migrations.
    """

    def __init__(self, lend: Callable[[str, ExitStack], Database], until: ExitStack, folder: Path) -> None:
        self._lend = lend
        self._until = until
        self._folder = folder
        self._built: dict[str, tuple[Database, MetaData]] = {}

    @contextmanager
    def lend(self, engine: str, make_app: Callable[..., Flask]) -> Iterator[Database]:
        """Lend the database of an engine for one test and delete its rows afterwards."""
        if engine not in self._built:
            self._built[engine] = self._build(engine, make_app)
        database, tables = self._built[engine]
        yield database
        if not _emptied(database, tables):
            # The test changed the schema: the next one gets a new database.
            del self._built[engine]

    def _build(self, engine: str, make_app: Callable[..., Flask]) -> tuple[Database, MetaData]:
        database = self._lend(engine, self._until)
        arguments = ["db", "upgrade", "--directory", str(self._folder)]
        result = make_app(database).test_cli_runner().invoke(args=arguments)
        assert result.exit_code == 0, f"flask db upgrade failed on {engine}:\n{result.output}"
        with _connected(database) as connection:
            return database, _tables(connection)


@contextmanager
def _connected(database: Database) -> Iterator[Connection]:
    engine = create_engine(database.url, poolclass=NullPool)
    with engine.begin() as connection:
        yield connection


def _tables(connection: Connection) -> MetaData:
    found = MetaData()
    found.reflect(connection)
    found.info["schema"] = _fingerprint(connection)
    return found


def _fingerprint(connection: Connection) -> tuple[object, ...]:
    versions = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalars()
    return (*sorted(versions), *sorted(inspect(connection).get_table_names()))


def _emptied(database: Database, tables: MetaData) -> bool:
    """Delete the rows of the application's tables; False if the schema is no longer the one that was built."""
    with _connected(database) as connection:
        if VERSION_TABLE not in inspect(connection).get_table_names():
            return False
        if _fingerprint(connection) != tables.info["schema"]:
            return False
        for table in reversed(tables.sorted_tables):
            if table.name in db.metadata.tables:
                connection.execute(table.delete())
    return True
