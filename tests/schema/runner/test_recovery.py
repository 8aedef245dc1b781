"""Clients that are really killed while the server executes their statement, and what is found afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, NullPool, create_engine, make_url
from sqlalchemy.exc import DBAPIError

from app.schema.core.errors import Busy
from app.schema.core.outcome import Outcome, Verdict
from app.schema.runner.recovery import clean_up, recovered, settled, what_became_of
from tests.databases.servers import Database

from .killing import client, is_executed, killed_while, wait_until

# The server looks for its client while it works, as it does under the runner.
NOTICES = "SET client_connection_check_interval = '50ms'"
POSTGRESQL = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
MARIADB = pytest.mark.parametrize("engine_name", ["mariadb"], indirect=True)
NAMES = pytest.mark.parametrize(
    ("table", "index"),
    [("t", "ix"), ('"Other ""S"" 100%%"."My Table"', '"Ix ""quoted"" 5%%"')],
    ids=["plain", "quoted"],
)


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """A connection of the runner that comes after the killed one."""
    with create_engine(database.url, poolclass=NullPool).connect() as connection:
        yield connection


@contextmanager
def writing(database: Database, table: str) -> Iterator[None]:
    """A transaction that has written to a table and does not end before the block does."""
    with create_engine(database.url, poolclass=NullPool).connect() as other:
        other.exec_driver_sql(f"INSERT INTO {table} VALUES (1000001, 1)")
        yield


def create_table(connection: Connection, table: str = "t", rows: int = 100) -> None:
    if "." in table:
        connection.exec_driver_sql(f"CREATE SCHEMA {table.rpartition('.')[0]}")
    connection.exec_driver_sql(f"CREATE TABLE {table} (id integer, a integer)")
    connection.exec_driver_sql(f"INSERT INTO {table} SELECT n, n FROM generate_series(1, {rows}) n")
    connection.commit()


def execute(connection: Connection, sql: str) -> None:
    outside = connection.engine.execution_options(isolation_level="AUTOCOMMIT")
    with outside.connect() as other:
        other.exec_driver_sql(sql)


def ended(connection: Connection, sql: str) -> Verdict:
    """The answer, when no session executes the statement any more."""
    return settled(connection, sql, None, 30, lambda line: None)


@POSTGRESQL
@NAMES
def test_killed_concurrent_build_is_broken_and_can_be_built_after_the_cleanup(
    database: Database, connection: Connection, table: str, index: str
) -> None:
    create_table(connection, table)
    sql = f"CREATE INDEX CONCURRENTLY {index} ON {table} (a)"
    with writing(database, table):
        killed_while(database, sql, lambda: is_executed(connection, "CREATE"), NOTICES)
        verdict = ended(connection, sql)

    assert verdict.outcome is Outcome.BROKEN
    assert len(verdict.cleanup) == 1
    clean_up(connection, verdict)
    assert ended(connection, sql).outcome is Outcome.NOT_DONE
    execute(connection, sql)
    assert ended(connection, sql).outcome is Outcome.DONE


@POSTGRESQL
@pytest.mark.parametrize(
    "sql",
    [
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON t (a)",
        "CREATE INDEX CONCURRENTLY ON t (a)",
        "CREATE UNIQUE INDEX CONCURRENTLY ix ON public.t (a)",
    ],
)
def test_invalid_index_is_found_however_it_is_written(
    database: Database, connection: Connection, sql: str
) -> None:
    create_table(connection)
    with writing(database, "t"):
        killed_while(database, sql, lambda: is_executed(connection, "CREATE"), NOTICES)
        verdict = ended(connection, sql)

    assert verdict.outcome is Outcome.BROKEN, verdict
    clean_up(connection, verdict)
    assert ended(connection, sql).outcome is Outcome.NOT_DONE


@POSTGRESQL
def test_build_that_outlives_its_client_is_waited_for_and_its_session_is_named(
    database: Database, connection: Connection
) -> None:
    create_table(connection)
    sql = "CREATE INDEX CONCURRENTLY ix ON t (a)"
    lines: list[str] = []
    with writing(database, "t"):
        killed_while(database, sql, lambda: is_executed(connection, "CREATE"))
        verdict = what_became_of(connection, sql)
        with pytest.raises(Busy, match="still runs"):
            settled(connection, sql, None, 0.2, lines.append)

    assert verdict.outcome is Outcome.RUNNING
    assert "session " in verdict.explanation
    assert verdict.cleanup == ()
    assert len(lines) == 1
    assert "CREATE INDEX CONCURRENTLY ix" in lines[0]
    assert ended(connection, sql).outcome is Outcome.DONE


@POSTGRESQL
def test_index_that_another_statement_builds_is_not_dropped_under_it(
    database: Database, connection: Connection
) -> None:
    create_table(connection)
    other = "create index concurrently ix on t (a)"
    with writing(database, "t"), client(database, other):
        wait_until(
            lambda: what_became_of(connection, "CREATE INDEX ix ON t (a)").outcome is not Outcome.NOT_DONE
        )
        verdict = what_became_of(connection, "CREATE INDEX ix ON t (a)")

    assert verdict.outcome is Outcome.RUNNING
    assert "is being built by session " in verdict.explanation


@POSTGRESQL
def test_unique_index_that_met_duplicates_is_broken(connection: Connection) -> None:
    create_table(connection)
    connection.exec_driver_sql("INSERT INTO t VALUES (101, 1)")
    connection.commit()
    sql = "CREATE UNIQUE INDEX CONCURRENTLY ix ON t (a)"
    with pytest.raises(DBAPIError, match="could not create unique index"):
        execute(connection, sql)

    verdict = what_became_of(connection, sql)

    assert verdict.outcome is Outcome.BROKEN
    clean_up(connection, verdict)
    assert what_became_of(connection, sql).outcome is Outcome.NOT_DONE


@POSTGRESQL
def test_killed_concurrent_drop_is_not_done_and_can_be_sent_again(
    database: Database, connection: Connection
) -> None:
    create_table(connection)
    connection.exec_driver_sql("CREATE INDEX ix ON t (a)")
    connection.commit()
    sql = "DROP INDEX CONCURRENTLY ix"
    with writing(database, "t"):
        killed_while(database, sql, lambda: is_executed(connection, "DROP"), NOTICES)
        verdict = ended(connection, sql)

    assert verdict.outcome is Outcome.NOT_DONE
    execute(connection, sql)
    assert ended(connection, sql).outcome is Outcome.DONE


@POSTGRESQL
@pytest.mark.parametrize(
    "what", ["INDEX CONCURRENTLY ix", "TABLE CONCURRENTLY t", "SCHEMA CONCURRENTLY public"]
)
def test_killed_concurrent_rebuild_leaves_a_second_index_that_is_cleared_away(
    database: Database, connection: Connection, what: str
) -> None:
    create_table(connection)
    connection.exec_driver_sql("CREATE INDEX ix ON t (a)")
    connection.commit()
    sql = f"REINDEX {what}"
    with writing(database, "t"):
        killed_while(database, sql, lambda: is_executed(connection, "REINDEX"), NOTICES)
        verdict = ended(connection, sql)

    assert verdict.outcome is Outcome.BROKEN
    assert "'ix_ccnew'" in verdict.explanation
    clean_up(connection, verdict)
    assert ended(connection, sql).outcome is Outcome.REPEATABLE
    assert [index["name"] for index in sa.inspect(connection).get_indexes("t")] == ["ix"]


@POSTGRESQL
def test_killed_concurrent_detachment_is_finished(database: Database, connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE p (id integer, a integer) PARTITION BY LIST (a)")
    connection.exec_driver_sql("CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)")
    connection.commit()
    sql = "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY"
    with writing(database, "p"):
        killed_while(database, sql, lambda: is_executed(connection, "ALTER"), NOTICES)
        verdict = ended(connection, sql)

    assert verdict.outcome is Outcome.BROKEN
    lines: list[str] = []
    assert recovered(connection, sql, None, 30, lines.append).outcome is Outcome.DONE
    assert "`ALTER TABLE public.p DETACH PARTITION public.p1 FINALIZE`" in lines[0]
    assert ended(connection, sql).outcome is Outcome.DONE


@POSTGRESQL
def test_session_is_known_again_by_the_part_of_a_long_statement_that_the_server_keeps(
    database: Database, connection: Connection
) -> None:
    create_table(connection)
    numbers = ", ".join(map(str, range(300)))
    sql = f"CREATE INDEX CONCURRENTLY ix ON t (a) WHERE a IN ({numbers})"
    with writing(database, "t"), client(database, sql):
        wait_until(lambda: is_executed(connection, "CREATE"))
        verdict = what_became_of(connection, sql)
        other = what_became_of(connection, sql.replace("ix", "ix2"))

    assert verdict.outcome is Outcome.RUNNING
    assert other.outcome is Outcome.NOT_DONE


@MARIADB
def test_change_that_outlives_its_client_is_waited_for(database: Database, connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE t (id INT, a INT)")
    sql = "ALTER TABLE t ADD COLUMN b INT, DROP COLUMN a"
    with writing(database, "t"):
        killed_while(database, sql, lambda: is_executed(connection, "ALTER"))
        wait_until(lambda: "metadata lock" in what_became_of(connection, sql).explanation)
        verdict = what_became_of(connection, sql)

    assert verdict.outcome is Outcome.RUNNING
    assert ended(connection, sql).outcome is Outcome.DONE


@MARIADB
def test_change_that_is_killed_while_it_copies_rows_is_done_or_not_and_nothing_between(
    database: Database, connection: Connection
) -> None:
    connection.exec_driver_sql("CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(200))")
    connection.exec_driver_sql("INSERT INTO t SELECT seq, REPEAT('x', 200) FROM seq_1_to_200000")
    connection.commit()
    sql = "ALTER TABLE t ADD COLUMN b INT, ADD INDEX ix (a), ALGORITHM=COPY"
    killed_while(database, sql, lambda: is_executed(connection, "ALTER"))
    copying = what_became_of(connection, sql)
    verdict = ended(connection, sql)

    assert copying.outcome is Outcome.RUNNING
    columns = {column["name"] for column in sa.inspect(connection).get_columns("t")}
    assert verdict.outcome is (Outcome.DONE if "b" in columns else Outcome.NOT_DONE)


@MARIADB
def test_change_whose_session_is_killed_is_not_done(database: Database, connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE t (id INT, a INT)")
    sql = "ALTER TABLE t ADD COLUMN b INT"
    with writing(database, "t"):
        killed_while(database, sql, lambda: is_executed(connection, "ALTER"))
        session = connection.exec_driver_sql(
            "SELECT id FROM information_schema.processlist WHERE db = database() AND info LIKE 'ALTER%%'"
        ).scalar_one()
        connection.exec_driver_sql(f"KILL {session}")
        verdict = ended(connection, sql)

    assert verdict.outcome is Outcome.NOT_DONE


@MARIADB
def test_tables_that_were_dropped_in_part_are_all_dropped_by_the_cleanup(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE `second 5%%` (id INT)")
    sql = "DROP TABLE first, `second 5%%`"

    verdict = what_became_of(connection, sql)

    assert verdict.outcome is Outcome.BROKEN
    assert recovered(connection, sql, None, 30, lambda line: None).outcome is Outcome.DONE


def test_looking_ends_its_own_transaction_and_leaves_that_of_its_caller(
    database: Database, connection: Connection
) -> None:
    what_became_of(connection, "CREATE TABLE t (id INTEGER)")
    assert not connection.in_transaction()

    connection.exec_driver_sql("CREATE TABLE t (id INTEGER)")
    verdict = what_became_of(connection, "CREATE TABLE t (id INTEGER)")

    assert verdict.outcome is Outcome.DONE
    assert connection.in_transaction()


@POSTGRESQL
def test_name_without_schema_is_that_of_the_search_path(connection: Connection) -> None:
    for schema in ("tenant", "shared"):
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    connection.exec_driver_sql("CREATE TABLE shared.t (id integer)")
    connection.exec_driver_sql("CREATE TABLE public.u (id integer)")
    connection.exec_driver_sql("SET search_path = tenant, shared")
    connection.commit()

    made = what_became_of(connection, "CREATE TABLE t (id integer)")
    dropped = what_became_of(connection, "DROP TABLE t")
    changed = what_became_of(connection, "ALTER TABLE public.u ADD COLUMN a integer")
    missing = what_became_of(connection, "ALTER TABLE u ADD COLUMN a integer")

    assert made.outcome is Outcome.NOT_DONE
    assert dropped.outcome is Outcome.UNKNOWN
    assert "in the schema 'shared'" in dropped.explanation
    assert changed.outcome is Outcome.NOT_DONE
    assert missing.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_change_of_a_killed_process_is_whole_or_gone(database: Database, connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")
    connection.exec_driver_sql(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) "
        "INSERT INTO t SELECT i, hex(i * 7919) FROM n"
    )
    connection.commit()
    sql = "CREATE INDEX ix ON t (a)"
    journal = Path(f"{make_url(database.url).database}-journal")
    killed_while(database, sql, journal.exists)

    before = what_became_of(connection, sql)

    assert before.outcome is Outcome.NOT_DONE
    assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    connection.exec_driver_sql(sql)
    assert what_became_of(connection, sql).outcome is Outcome.DONE
