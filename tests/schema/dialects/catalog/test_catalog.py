"""What a snapshot sees, that it sees nothing else, and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, NullPool, create_engine, event

from app.schema.core.errors import SchemaError
from app.schema.core.schema_difference import compare
from app.schema.core.snapshot import Snapshot
from app.schema.dialects.catalog import read
from tests.databases.servers import Database

from .cases import Change, changes, same, schema


@contextmanager
def connected(database: Database) -> Iterator[Connection]:
    engine = create_engine(database.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection


def run(connection: Connection, statements: Any) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement.replace("%", "%%"))


def differences(expected: Snapshot, actual: Snapshot) -> list[tuple[str | None, str]]:
    return [(each.table, each.line) for each in compare(expected, actual).differences]


@pytest.mark.parametrize("change", changes(), ids=lambda it: f"{it.engine}: {it.line}"[:90])
def test_change_is_the_one_difference(change: Change, make_database: Callable[[str], Database]) -> None:
    with connected(make_database(change.engine)) as connection:
        run(connection, schema(change.engine))
        before = read(connection)
        run(connection, change.sql)
        found = differences(before, read(connection))
    assert found == [(change.table, change.line)]


def test_same_schema_in_other_words_is_the_same(database: Database) -> None:
    with connected(database) as connection:
        run(connection, schema(database.engine))
        before = read(connection)
        assert len(before.tables) >= 2
        run(connection, same(database.engine))
        assert differences(before, read(connection)) == []


def test_two_databases_of_the_same_statements_are_equal(
    make_database: Callable[[str], Database], engine_name: str
) -> None:
    found = []
    for _ in range(2):
        with connected(make_database(engine_name)) as connection:
            run(connection, schema(engine_name))
            found.append(read(connection))
    assert found[0] == found[1]
    assert found[0]


def test_number_of_queries_does_not_grow_with_the_schema(database: Database) -> None:
    def cost(connection: Connection) -> int:
        statements: list[str] = []

        def note(*arguments: Any) -> None:
            statements.append(arguments[2])

        event.listen(connection, "before_cursor_execute", note)
        read(connection)
        event.remove(connection, "before_cursor_execute", note)
        return len(statements)

    with connected(database) as connection:
        run(connection, schema(database.engine))
        read(connection)
        before = cost(connection)
        run(
            connection,
            [f"CREATE TABLE more_{number} (id integer PRIMARY KEY, a int UNIQUE)" for number in range(20)],
        )
        assert len(read(connection).tables) >= 22
        assert cost(connection) == before <= 11


def test_tables_of_the_engine_itself_are_left_out(database: Database) -> None:
    with connected(database) as connection:
        for name in ("schema_ledger", "schema_journal", "schema_runner", "alembic_version", "user_table"):
            run(connection, [f"CREATE TABLE {name} (id integer)"])
        found = read(connection, [(None, "alembic_version")])
    assert list(found.tables) == ["user_table"]


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_what_an_extension_brings_is_left_out(database: Database) -> None:
    with connected(database) as connection:
        run(
            connection,
            ["CREATE EXTENSION pg_stat_statements", "CREATE EXTENSION citext", "CREATE EXTENSION hstore"],
        )
        assert not read(connection)


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_tables_of_other_schemas_have_their_schema_in_the_name(database: Database) -> None:
    with connected(database) as connection:
        run(
            connection,
            ["CREATE SCHEMA shop", "CREATE TABLE shop.item (id int)", "CREATE TABLE item (id int)"],
        )
        found = read(connection, [("shop", "alembic_version")])
        assert list(found.tables) == ["item", "shop.item"]
        run(connection, ["SET search_path = shop"])
        assert list(read(connection).tables) == ["item", "public.item"]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_tables_inside_a_virtual_table_are_left_out(database: Database) -> None:
    with connected(database) as connection:
        run(connection, ["CREATE VIRTUAL TABLE words USING fts5 (a, b)"])
        assert list(read(connection).tables) == ["words"]


def test_engine_without_a_reader_is_named(make_database: Callable[[str], Database]) -> None:
    with connected(make_database("sqlite")) as connection:
        connection.dialect.name = "oracle"
        with pytest.raises(SchemaError, match="The schema of a oracle database cannot be read"):
            read(connection)
