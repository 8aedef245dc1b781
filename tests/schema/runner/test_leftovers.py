"""Copies that an interrupted `batch_alter_table` left, cleared away or put in the place of the original."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, NullPool, create_engine, event

from app.schema.core.errors import SchemaError
from app.schema.runner.recovery import clear_leftovers
from tests.databases.servers import Database

LONG = "a_table_with_a_name_that_is_longer_than_alembic_keeps"


class Killed(Exception):
    """Stands for the end of the process: what was committed stays."""


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with create_engine(database.url, poolclass=NullPool).connect() as connection:
        yield connection


def rebuild_until(database: Database, table: str, words: str) -> None:
    """Rebuild a table statement by statement, and end before one with some words.

    Alembic drops the copy on an error; a dead process sends nothing any more, and so does this one.
    """
    engine = create_engine(database.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")

    dead: list[str] = []

    def stop(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if dead or words in statement:
            dead.append(statement)
            raise Killed

    with engine.connect() as changing, Operations.context(MigrationContext.configure(changing)) as op:
        event.listen(changing, "before_cursor_execute", stop)
        with (
            pytest.raises(Killed),
            op.batch_alter_table(table, recreate="always") as batch,
        ):
            batch.add_column(sa.Column("more", sa.Integer()))


def create(connection: Connection, table: str, rows: int = 3) -> None:
    quoted = connection.dialect.identifier_preparer.quote(table)
    connection.exec_driver_sql(f"CREATE TABLE {quoted} (id INTEGER PRIMARY KEY, a INTEGER)")
    for number in range(rows):
        connection.exec_driver_sql(f"INSERT INTO {quoted} VALUES ({number}, {number})")
    connection.commit()


def rows(connection: Connection, table: str) -> int:
    found = connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table)))
    connection.rollback()
    return found or 0


def names(connection: Connection) -> set[str]:
    found = set(sa.inspect(connection).get_table_names())
    connection.rollback()
    return found


@pytest.mark.parametrize("table", ["customer", "My Table", LONG])
@pytest.mark.parametrize("words", ["INSERT INTO", "DROP TABLE"])
def test_copy_is_dropped_while_the_original_is_there(
    database: Database, connection: Connection, table: str, words: str
) -> None:
    create(connection, table)
    rebuild_until(database, table, words)
    assert len(names(connection)) == 2

    told = clear_leftovers(connection, [table])

    assert names(connection) == {table}
    assert rows(connection, table) == 3
    assert f"left beside '{table}'" in told[0]
    assert not connection.in_transaction()


@pytest.mark.parametrize("table", ["customer", "My Table", LONG])
def test_copy_takes_the_place_of_an_original_that_was_dropped_after_it_was_copied(
    database: Database, connection: Connection, table: str
) -> None:
    create(connection, table)
    rebuild_until(database, table, "RENAME TO")
    assert table not in names(connection)

    told = clear_leftovers(connection, [table])

    assert names(connection) == {table}
    assert rows(connection, table) == 3
    assert f"to '{table}'" in told[0]


def test_empty_copy_without_an_original_is_not_taken_for_it(
    database: Database, connection: Connection
) -> None:
    create(connection, "customer", rows=0)
    rebuild_until(database, "customer", "RENAME TO")

    with pytest.raises(SchemaError, match="may not hold all its rows") as refused:
        clear_leftovers(connection, ["customer"])

    assert names(connection) == {"_alembic_tmp_customer"}
    assert "rename '_alembic_tmp_customer' to 'customer' by hand" in str(refused.value)
    assert not connection.in_transaction()


@pytest.mark.parametrize("engine_name", ["mariadb"], indirect=True)
def test_copy_that_can_hold_a_part_of_the_rows_is_not_taken_for_the_original(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE _alembic_tmp_customer (id INT) ENGINE=MyISAM")
    connection.exec_driver_sql("INSERT INTO _alembic_tmp_customer VALUES (1)")

    with pytest.raises(SchemaError, match="may not hold all its rows"):
        clear_leftovers(connection, ["customer"])

    assert names(connection) == {"_alembic_tmp_customer"}


def test_nothing_is_done_where_nothing_is_left(connection: Connection) -> None:
    create(connection, "customer")

    assert clear_leftovers(connection, ["customer", "supplier"]) == ()
    assert names(connection) == {"customer"}


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_copy_in_another_schema(connection: Connection) -> None:
    connection.exec_driver_sql('CREATE SCHEMA "My S"')
    connection.exec_driver_sql('CREATE TABLE "My S"._alembic_tmp_customer (id integer)')
    connection.exec_driver_sql('INSERT INTO "My S"._alembic_tmp_customer VALUES (1)')
    connection.exec_driver_sql("CREATE TABLE customer (id integer)")
    connection.commit()

    clear_leftovers(connection, ["My S.customer"])

    assert sa.inspect(connection).get_table_names(schema="My S") == ["customer"]


def test_copy_with_rows_is_kept_beside_an_original_that_was_made_anew(
    connection: Connection,
) -> None:
    create(connection, "book")
    connection.exec_driver_sql("CREATE TABLE _alembic_tmp_book AS SELECT * FROM book")
    connection.exec_driver_sql("DELETE FROM book")
    connection.commit()
    with pytest.raises(SchemaError, match="'book' is empty, and '_alembic_tmp_book'"):
        clear_leftovers(connection, ["book"])
    assert connection.exec_driver_sql("SELECT count(*) FROM _alembic_tmp_book").scalar() == 3
