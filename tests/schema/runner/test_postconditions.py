"""What a revision must not leave behind on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from app.schema.runner.postconditions import broken
from tests.databases.servers import Database

POSTGRESQL = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """A connection to a database in which one index is invalid and one constraint is not validated."""
    engine = create_engine(database.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            for sql in (
                'CREATE SCHEMA "My S"',
                'CREATE TABLE "My S".t (id integer PRIMARY KEY, a integer)',
                'INSERT INTO "My S".t VALUES (1, 1), (2, 1)',
                'ALTER TABLE "My S".t ADD CONSTRAINT "Ck" CHECK (a > 1) NOT VALID',
                "CREATE TABLE t (id integer PRIMARY KEY, a integer)",
                "CREATE INDEX ix_whole ON t (a)",
                "ALTER TABLE t ADD CONSTRAINT ck_whole CHECK (a > 1)",
            ):
                connection.exec_driver_sql(sql)
            with pytest.raises(DBAPIError):
                connection.exec_driver_sql('CREATE UNIQUE INDEX CONCURRENTLY "Ix" ON "My S".t (a)')
        yield connection


@POSTGRESQL
@pytest.mark.parametrize(
    "statement",
    [
        'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "Ix" ON "My S".t (a)',
        'CREATE UNIQUE INDEX CONCURRENTLY ON "My S".t (a)',
        'REINDEX INDEX CONCURRENTLY "My S"."Ix"',
        'REINDEX TABLE CONCURRENTLY "My S".t',
    ],
)
def test_invalid_index_is_named_with_the_statement_that_drops_it(
    connection: Connection, statement: str
) -> None:
    (found,) = broken(connection, ["SELECT 1", statement])

    assert found.startswith("The index 'Ix' of 't' is invalid")
    assert '`DROP INDEX CONCURRENTLY "My S"."Ix"`' in found


@POSTGRESQL
def test_constraint_that_was_to_be_validated_is_named(connection: Connection) -> None:
    (found,) = broken(connection, ['ALTER TABLE "My S".t VALIDATE CONSTRAINT "Ck"'])

    assert found.startswith("The constraint 'Ck' of 't' is not validated")
    assert '`ALTER TABLE "My S".t VALIDATE CONSTRAINT "Ck"`' in found


@POSTGRESQL
def test_what_the_revision_did_not_mean_is_left_alone(connection: Connection) -> None:
    statements = [
        "CREATE INDEX CONCURRENTLY ix_whole ON t (a)",
        "ALTER TABLE t VALIDATE CONSTRAINT ck_whole",
        'ALTER TABLE "My S".t ADD CONSTRAINT "Ck" CHECK (a > 1) NOT VALID',
    ]

    assert broken(connection, statements) == ()


def test_database_is_not_asked_where_no_index_was_built(connection: Connection) -> None:
    asked: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *a: asked.append(a[2]))

    assert broken(connection, ["ALTER TABLE t ADD COLUMN b integer", "UPDATE t SET a = 1"]) == ()
    assert asked == []


@POSTGRESQL
@pytest.mark.parametrize(
    ("statements", "questions"),
    [
        (["CREATE INDEX ix ON t (a)", "CREATE UNIQUE INDEX ix2 ON t (a)"], 0),
        (["CREATE INDEX CONCURRENTLY ix ON t (a)", "CREATE INDEX IF NOT EXISTS ix2 ON t (a)"], 1),
        (["CREATE INDEX ix ON ONLY t (a)"], 1),
        (["ALTER TABLE t VALIDATE CONSTRAINT ck_whole"], 1),
        (["CREATE INDEX CONCURRENTLY ix ON t (a)", "ALTER TABLE t VALIDATE CONSTRAINT ck_whole"], 2),
    ],
)
def test_each_kind_costs_one_question(connection: Connection, statements: list[str], questions: int) -> None:
    asked: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *a: asked.append(a[2]))

    broken(connection, statements)

    assert len(asked) == questions


@pytest.mark.parametrize("engine_name", ["mariadb", "sqlite"], indirect=True)
def test_other_engines_leave_nothing_invalid(connection: Connection) -> None:
    connection.execute(sa.text("CREATE TABLE t (a INTEGER)"))
    connection.execute(sa.text("CREATE INDEX ix ON t (a)"))

    assert broken(connection, ["CREATE INDEX ix ON t (a)"]) == ()
