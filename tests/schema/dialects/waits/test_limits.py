"""What one attempt waits for, what is left of it afterwards, and what its end is taken for."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, QueuePool, create_engine

from app.schema.core.waits import Miss, Trouble, Waits
from tests.databases.servers import Database

from .conftest import Connect, MakeWaits, Running, failure_of, until

CHANGE = "ALTER TABLE parcel ADD COLUMN more INTEGER"

on_postgresql = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
on_mariadb = pytest.mark.parametrize("engine_name", ["mariadb"], indirect=True)
on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
on_servers = pytest.mark.parametrize("engine_name", ["postgresql", "mariadb"], indirect=True)


def engine_of(connection: Connection) -> str:
    return "mariadb" if connection.dialect.name == "mysql" else connection.dialect.name


def settings_of(connection: Connection) -> dict[str, str]:
    """Return every setting of a session that a limit could touch."""
    queries = {
        "postgresql": "SELECT name, setting FROM pg_settings",
        "mariadb": "SHOW SESSION VARIABLES WHERE Variable_name LIKE '%%timeout%%' OR Variable_name LIKE '%%_time'",
        "sqlite": "SELECT 'busy_timeout', timeout FROM pragma_busy_timeout",
    }
    rows = connection.exec_driver_sql(queries[engine_of(connection)]).all()
    connection.rollback()
    return {name: str(value) for name, value in rows}


def hold(connection: Connection) -> None:
    """Have a lock on the table that no change of it goes along with."""
    connection.exec_driver_sql("UPDATE parcel SET note = 'held' WHERE id = 1")


def limit(waits: Waits, connection: Connection, *, locks: bool) -> None:
    cursor = connection.connection.cursor()
    waits.limit(cursor, locks=locks)
    cursor.close()


def lock_limit(connection: Connection) -> str:
    names = {"postgresql": "lock_timeout", "mariadb": "lock_wait_timeout", "sqlite": "busy_timeout"}
    return settings_of(connection)[names[engine_of(connection)]]


def test_attempt_ends_by_itself_while_the_lock_is_held(
    main: Connection, connect: Connect, make_waits: MakeWaits, table: str
) -> None:
    waits, other = make_waits(main), connect()
    waits.begin()
    hold(other)

    # Nothing but the limit ends this: the other transaction stays open.
    assert failure_of(waits, main, CHANGE) is Miss.LOCK

    other.rollback()
    main.exec_driver_sql(CHANGE)
    main.commit()
    waits.end()


@on_servers
def test_nobody_is_held_back_once_the_attempt_has_ended(
    main: Connection, connect: Connect, make_waits: MakeWaits, table: str
) -> None:
    waits, reader, passer_by = make_waits(main), connect(), connect()
    waits.begin()
    reader.exec_driver_sql("SELECT * FROM parcel").all()
    assert failure_of(waits, main, CHANGE) is Miss.LOCK

    limits = make_waits(passer_by, lock_timeout=0.001)
    limits.begin()  # it fails if anybody stands before it in the queue
    assert passer_by.exec_driver_sql("SELECT note FROM parcel").scalar() == "x"
    hold(passer_by)
    passer_by.rollback()
    limits.end()
    waits.end()


def test_session_is_given_back_as_it_was(main: Connection, make_waits: MakeWaits, table: str) -> None:
    before = settings_of(main)
    waits = make_waits(main, lock_timeout=0.25, statement_timeout=7.0)
    waits.begin()
    during = settings_of(main)
    limit(waits, main, locks=False)
    main.exec_driver_sql(CHANGE)
    main.commit()
    waits.end()
    assert settings_of(main) == before != during


def test_connection_that_goes_back_to_a_pool_has_its_own_settings(
    database: Database, make_waits: MakeWaits
) -> None:
    pooled = create_engine(database.url, poolclass=QueuePool, pool_size=1, max_overflow=0)
    with pooled.connect() as first:
        before = settings_of(first)
        waits = make_waits(first)
        waits.begin()
        waits.end()
    with pooled.connect() as second:
        assert settings_of(second) == before
    pooled.dispose()


@pytest.mark.parametrize(
    ("engine_name", "strict", "patient"),
    [("postgresql", "250", "0"), ("mariadb", "1", "86400"), ("sqlite", "250", "5000")],
    indirect=["engine_name"],
)
def test_limit_holds_for_strong_locks_alone(
    main: Connection, make_waits: MakeWaits, strict: str, patient: str
) -> None:
    waits = make_waits(main, lock_timeout=0.25)
    waits.begin()
    assert lock_limit(main) == strict
    limit(waits, main, locks=False)
    main.commit()
    assert lock_limit(main) == patient
    limit(waits, main, locks=True)
    main.commit()
    assert lock_limit(main) == strict
    waits.end()


def test_limit_holds_again_after_a_rollback_took_it_back(main: Connection, make_waits: MakeWaits) -> None:
    waits = make_waits(main)
    waits.begin()
    limit(waits, main, locks=False)
    main.commit()
    patient = lock_limit(main)
    main.exec_driver_sql("SELECT 1")
    limit(waits, main, locks=True)
    main.rollback()
    waits.rolled_back()
    limit(waits, main, locks=True)
    main.commit()
    assert lock_limit(main) != patient
    waits.end()


def test_rollback_to_a_savepoint_leaves_strong_locks_limited(
    main: Connection, connect: Connect, make_waits: MakeWaits, table: str
) -> None:
    waits, other = make_waits(main), connect()
    waits.begin()
    main.exec_driver_sql("SELECT 1")
    savepoint = main.begin_nested()
    limit(waits, main, locks=False)
    savepoint.rollback()
    waits.rolled_back()
    hold(other)
    limit(waits, main, locks=True)
    assert failure_of(waits, main, CHANGE) is Miss.LOCK
    waits.end()


@on_servers
def test_deadlock_is_told_from_a_lock(
    main: Connection, connect: Connect, make_waits: MakeWaits, table: str
) -> None:
    waits, other = make_waits(main, lock_timeout=60.0), connect()
    main.exec_driver_sql("INSERT INTO parcel VALUES (2, 'y'), (3, 'z')")
    main.commit()
    waits.begin()
    other.exec_driver_sql("UPDATE parcel SET note = 'a' WHERE id IN (1, 3)")
    main.exec_driver_sql("UPDATE parcel SET note = 'b' WHERE id = 2")
    cross = Running(other, "UPDATE parcel SET note = 'a' WHERE id = 2")
    mine = Running(main, "UPDATE parcel SET note = 'b' WHERE id = 1")
    # One of the two is chosen, and the other one waits for it to roll back.
    until(lambda: mine.ended() or cross.ended())
    victim = mine if mine.ended() and mine.error else cross
    assert victim.error is not None or victim.join() is not None
    assert waits.failure(victim.error) is Miss.DEADLOCK
    (main if victim is mine else other).rollback()
    (cross if victim is mine else mine).join()
    main.rollback()
    waits.rolled_back()
    waits.end()


@on_servers
def test_timeout_of_a_statement_is_no_missed_lock(main: Connection, make_waits: MakeWaits) -> None:
    waits = make_waits(main, statement_timeout=0.05)
    waits.begin()
    endless = "SELECT COUNT(*) FROM {0} a, {0} b, {0} c, {0} d, {0} e, {0} f".format(
        "information_schema.columns"
    )
    assert failure_of(waits, main, endless) is Trouble.STATEMENT_TIMEOUT
    waits.end()


@on_servers
def test_statement_that_somebody_cancels_is_neither(
    main: Connection, connect: Connect, make_waits: MakeWaits, table: str
) -> None:
    waits, other, admin = make_waits(main, lock_timeout=600.0), connect(), connect(autocommit=True)
    waits.begin()
    hold(other)
    running = Running(main, "ALTER TABLE parcel ADD COLUMN more INTEGER")
    until(lambda: blocked(admin, waits.session()))
    if main.dialect.name == "postgresql":
        admin.exec_driver_sql(f"SELECT pg_cancel_backend({waits.session()})")
    else:
        admin.exec_driver_sql(f"KILL QUERY {waits.session()}")
    error = running.join()
    assert error is not None
    assert waits.failure(error) is None
    main.rollback()
    waits.end()


def blocked(admin: Connection, session: int | None) -> bool:
    """Whether the server says that a session waits for a lock."""
    if admin.dialect.name == "postgresql":
        query = f"SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = {session}"
    else:
        query = f"SELECT state LIKE 'Waiting for%%' FROM information_schema.processlist WHERE id = {session}"
    return bool(admin.exec_driver_sql(query).scalar())


@on_servers
def test_lost_connection_is_known_and_ends_without_an_error(
    main: Connection, connect: Connect, make_waits: MakeWaits
) -> None:
    waits, admin = make_waits(main), connect(autocommit=True)
    waits.begin()
    kill = "SELECT pg_terminate_backend({})" if main.dialect.name == "postgresql" else "KILL {}"
    admin.exec_driver_sql(kill.format(waits.session()))
    assert failure_of(waits, main, "SELECT 1") is Trouble.LOST
    waits.end()


@on_servers
def test_connection_lost_before_the_end_does_not_go_back_to_the_pool(
    database: Database, connect: Connect, make_waits: MakeWaits
) -> None:
    pooled, admin = create_engine(database.url, poolclass=QueuePool, pool_size=1), connect(autocommit=True)
    with pooled.connect() as main:
        waits = make_waits(main)
        waits.begin()
        kill = "SELECT pg_terminate_backend({})" if main.dialect.name == "postgresql" else "KILL {}"
        admin.exec_driver_sql(kill.format(waits.session()))
        waits.end()
    with pooled.connect() as again:
        assert again.exec_driver_sql("SELECT 1").scalar() == 1
    pooled.dispose()


def test_error_of_a_statement_is_its_own(main: Connection, make_waits: MakeWaits, table: str) -> None:
    waits = make_waits(main)
    waits.begin()
    assert failure_of(waits, main, "ALTER TABLE nowhere ADD COLUMN more INTEGER") is None
    assert failure_of(waits, main, "INSERT INTO parcel VALUES (1, 'again')") is None
    assert waits.failure(ValueError("a mistake in a revision")) is None
    waits.end()


@on_sqlite
def test_snapshot_that_was_overtaken_is_no_lock_to_wait_for(
    main: Connection, connect: Connect, make_waits: MakeWaits, table: str
) -> None:
    waits, other = make_waits(main), connect()
    main.exec_driver_sql("PRAGMA journal_mode = WAL")
    waits.begin()
    main.exec_driver_sql("BEGIN")
    main.exec_driver_sql("SELECT * FROM parcel").all()
    hold(other)
    other.commit()
    assert failure_of(waits, main, CHANGE) is Miss.DEADLOCK
    waits.end()


@on_sqlite
def test_table_that_the_revision_itself_reads_is_not_worth_waiting_for(
    main: Connection, make_waits: MakeWaits, table: str
) -> None:
    waits = make_waits(main)
    waits.begin()
    main.exec_driver_sql("INSERT INTO parcel VALUES (2, 'y')")
    reading = main.connection.cursor().execute("SELECT * FROM parcel")
    reading.fetchone()
    assert failure_of(waits, main, "DROP TABLE parcel") is None
    reading.close()
    waits.end()


@on_sqlite
def test_limit_that_cannot_be_had_is_named(main: Connection, make_waits: MakeWaits) -> None:
    said: list[str] = []
    for wish in (None, 5.0):
        waits = make_waits(main, statement_timeout=wish, tell=said.append)
        waits.begin()
        waits.end()
    assert said == ["SQLite cannot limit how long a statement runs; SCHEMA_STATEMENT_TIMEOUT has no effect."]
