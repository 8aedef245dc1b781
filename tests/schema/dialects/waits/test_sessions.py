"""Who is in the way, who will be, how far a statement is, and the wait that a second connection ends."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, NullPool, create_engine, make_url

from app.schema.core.waits import Blocker, Miss, Progress, Waits
from tests.databases.servers import Database

from .conftest import Connect, MakeWaits, Running, until

CHANGE = "ALTER TABLE parcel ADD COLUMN more INTEGER"

on_postgresql = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
on_mariadb = pytest.mark.parametrize("engine_name", ["mariadb"], indirect=True)
on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
on_servers = pytest.mark.parametrize("engine_name", ["postgresql", "mariadb"], indirect=True)


def session_of(connection: Connection) -> int:
    number = "pg_backend_pid()" if connection.dialect.name == "postgresql" else "CONNECTION_ID()"
    return int(connection.exec_driver_sql(f"SELECT {number}").scalar_one())


@pytest.fixture
def patient(main: Connection, make_waits: MakeWaits) -> Iterator[Waits]:
    """Limits that no test reaches."""
    waits = make_waits(main, lock_timeout=600.0)
    waits.begin()
    yield waits
    main.rollback()
    waits.end()


@pytest.fixture
def observer(connect: Connect) -> Connection:
    """The second connection."""
    return connect(autocommit=True)


@contextmanager
def waiting(
    main: Connection, *holders: Connection, sql: str = CHANGE, end: str = "ROLLBACK"
) -> Iterator[Running]:
    """Run a statement that waits for the holders of locks until the block ends."""
    running = Running(main, sql)
    try:
        yield running
    finally:
        for holder in holders:
            holder.exec_driver_sql(end)
        assert running.join() is None


@on_postgresql
def test_blocker_is_named_with_all_that_the_server_knows(
    database: Database, main: Connection, patient: Waits, observer: Connection, table: str
) -> None:
    url = make_url(database.url).update_query_dict({"application_name": "report of the night"})
    holder = create_engine(url, poolclass=NullPool).connect()
    session = session_of(holder)
    holder.exec_driver_sql("UPDATE parcel SET note = 'geheim 17' WHERE id = 1")
    with waiting(main, holder):
        until(lambda: patient.blockers(observer))
        (blocker,) = patient.blockers(observer)
        now = observer.exec_driver_sql(
            f"SELECT extract(epoch FROM clock_timestamp() - xact_start) FROM pg_stat_activity WHERE pid = {session}"
        ).scalar_one()
    assert blocker.age is not None
    assert 0 < blocker.age <= now
    assert (blocker.pid, blocker.user, blocker.application) == (session, url.username, "report of the night")
    assert (blocker.state, blocker.query) == (
        "idle in transaction",
        "UPDATE parcel SET note = ? WHERE id = ?",
    )
    assert str(blocker).startswith(
        f"session {session}, user '{url.username}', 'report of the night', open for "
    )
    assert patient.blockers(observer) == ()
    holder.close()


@on_mariadb
def test_session_that_may_have_the_table_is_named_where_the_server_does_not_tell(
    database: Database, main: Connection, patient: Waits, observer: Connection, connect: Connect, table: str
) -> None:
    holder, bystander = connect(), connect()
    bystander.exec_driver_sql("SELECT 1")
    holder.exec_driver_sql("SET time_zone = '+05:00'")
    observer.exec_driver_sql("SET time_zone = '-09:30'")
    holder.exec_driver_sql("UPDATE parcel SET note = 'geheim 17' WHERE id = 1")
    session = session_of(holder)
    with waiting(main, holder):
        until(lambda: patient.blockers(observer))
        (blocker,) = patient.blockers(observer)
    assert (blocker.pid, blocker.user) == (session, make_url(database.url).username)
    assert blocker.state == "idle in transaction, may hold the table"
    assert blocker.age is not None
    assert blocker.age < 1800  # neither zone of time counts
    until(lambda: patient.blockers(observer) == ())


@on_mariadb
def test_session_that_has_a_row_is_known(
    main: Connection, patient: Waits, observer: Connection, connect: Connect, table: str
) -> None:
    holder, bystander = connect(), connect()
    bystander.exec_driver_sql("SELECT * FROM parcel").all()
    holder.exec_driver_sql("UPDATE parcel SET note = 'geheim' WHERE id = 1")
    session = session_of(holder)
    with waiting(main, holder, sql="UPDATE parcel SET note = 'b' WHERE id = 1"):
        until(lambda: patient.blockers(observer))
        (blocker,) = patient.blockers(observer)
    assert (blocker.pid, blocker.state) == (session, "idle in transaction")


@on_mariadb
def test_table_that_is_locked_without_a_transaction_has_a_blocker_too(
    main: Connection, patient: Waits, observer: Connection, connect: Connect, table: str
) -> None:
    holder = connect(autocommit=True)
    holder.exec_driver_sql("LOCK TABLES parcel READ")
    with waiting(main, holder, end="UNLOCK TABLES"):
        until(lambda: patient.blockers(observer))
        found = patient.blockers(observer)
    assert found == (
        Blocker(state="holds the table without a transaction or belongs to a user who is not shown"),
    )


@on_servers
def test_oldest_blocker_comes_first(
    main: Connection, patient: Waits, observer: Connection, connect: Connect, table: str
) -> None:
    holders = [connect(), connect(), connect()]
    sessions = []
    for holder in holders:
        holder.exec_driver_sql("SELECT * FROM parcel").all()
        sessions.append(session_of(holder))
    with waiting(main, *holders):
        until(lambda: patient.blockers(observer))
        found = patient.blockers(observer)
    assert {it.pid for it in found} == set(sessions)
    ages = [it.age for it in found if it.age is not None]
    assert len(ages) == len(holders)
    assert ages == sorted(ages, reverse=True)


@on_servers
def test_blocker_of_another_user_is_named_by_one_who_may_see_little(
    database: Database, connect: Connect, make_waits: MakeWaits, observer: Connection, table: str
) -> None:
    url = make_url(database.url)
    name = f"{url.database}_user"
    for statement in USER[database.engine]["create"]:
        observer.exec_driver_sql(statement.format(name=name, database=url.database))
    engine = create_engine(url.set(username=name, password="secret"), poolclass=NullPool)
    holder = connect()
    try:
        with engine.connect() as main, engine.connect() as other:
            waits = make_waits(main, lock_timeout=600.0)
            waits.begin()
            holder.exec_driver_sql("UPDATE parcel SET note = 'geheim' WHERE id = 1")
            session = session_of(holder)
            with waiting(main, holder, sql="DELETE FROM parcel"):
                until(lambda: blocked(observer, waits.session()))
                found = waits.blockers(other)
            main.rollback()
            waits.end()
        if observer.dialect.name == "postgresql":
            assert found == (Blocker(pid=session, user=url.username, application=found[0].application),)
        else:
            assert found == ()  # rows belong to the storage engine, which tells nobody without `PROCESS`
    finally:
        holder.close()
        for statement in USER[database.engine]["drop"]:
            observer.exec_driver_sql(statement.format(name=name))


USER = {
    "postgresql": {
        "create": ["CREATE ROLE \"{name}\" LOGIN PASSWORD 'secret'", 'GRANT ALL ON parcel TO "{name}"'],
        "drop": ['DROP OWNED BY "{name}"', 'DROP ROLE "{name}"'],
    },
    "mariadb": {
        "create": [
            "CREATE USER `{name}` IDENTIFIED BY 'secret'",
            "GRANT ALL ON `{database}`.* TO `{name}`",
        ],
        "drop": ["DROP USER `{name}`"],
    },
}


def blocked(observer: Connection, session: int | None) -> bool:
    """Whether the server says that a session waits for a lock."""
    if observer.dialect.name == "postgresql":
        query = f"SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = {session}"
    else:
        state = f"SELECT trx_state FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = {session}"
        query = f"SELECT ({state}) = 'LOCK WAIT'"
    return bool(observer.exec_driver_sql(query).scalar())


@on_mariadb
def test_wait_is_ended_before_the_server_would_and_counts_as_a_missed_lock(
    main: Connection, connect: Connect, make_waits: MakeWaits, observer: Connection, table: str
) -> None:
    waits, holder = make_waits(main, lock_timeout=0.05), connect()
    waits.begin()
    grow(waits, main)
    holder.exec_driver_sql("SELECT * FROM parcel").all()
    running = Running(main, CHANGE)
    until(lambda: waits.interrupt_wait(observer))
    error = running.join()
    assert error is not None
    assert waits.failure(error) is Miss.LOCK

    holder.rollback()
    main.exec_driver_sql(CHANGE)
    waits.end()


def grow(waits: Waits, main: Connection) -> None:
    """Make the server's own limit so long that it ends nothing here."""
    main.exec_driver_sql("SET lock_wait_timeout = 600")
    waits.achieved = 600.0


@on_mariadb
@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE parcel WAIT 600 ADD COLUMN more INTEGER",
        f"SET STATEMENT lock_wait_timeout = 600 FOR {CHANGE}",
    ],
)
def test_statement_that_says_how_long_it_waits_is_not_interrupted(
    main: Connection, connect: Connect, make_waits: MakeWaits, observer: Connection, table: str, sql: str
) -> None:
    waits, holder = make_waits(main, lock_timeout=0.0), connect()
    waits.begin()
    grow(waits, main)
    holder.exec_driver_sql("SELECT * FROM parcel").all()
    with waiting(main, holder, sql=sql):
        until(lambda: waits.blockers(observer))
        assert [waits.interrupt_wait(observer) for _ in range(20)] == [False] * 20
    waits.end()


@on_mariadb
def test_statement_that_works_and_one_that_has_worked_for_long_are_not_interrupted(
    main: Connection, connect: Connect, make_waits: MakeWaits, observer: Connection, table: str
) -> None:
    waits, holder = make_waits(main, lock_timeout=0.0), connect()
    waits.begin()
    grow(waits, main)
    nap = Running(main, "SELECT SLEEP(600)")
    until(lambda: observer.exec_driver_sql(f"{STATE} = {waits.session()}").scalar() == "User sleep")
    assert [waits.interrupt_wait(observer) for _ in range(20)] == [False] * 20
    observer.exec_driver_sql(f"KILL QUERY {waits.session()}")
    nap.join()

    waits.achieved = 0.0  # what began longer ago than this may be at its end
    holder.exec_driver_sql("SELECT * FROM parcel").all()
    with waiting(main, holder):
        until(lambda: waits.blockers(observer))
        assert [waits.interrupt_wait(observer) for _ in range(20)] == [False] * 20
    waits.end()


STATE = "SELECT state FROM information_schema.processlist WHERE id"


@on_servers
def test_long_transaction_is_named_before_anything_waits_for_it(
    main: Connection, patient: Waits, observer: Connection, connect: Connect, table: str
) -> None:
    holder, idle = connect(), connect()
    idle.exec_driver_sql("SELECT 1")
    holder.exec_driver_sql("UPDATE parcel SET note = 'geheim' WHERE id = 1")
    session = session_of(holder)
    until(lambda: patient.long_transactions(observer, 0.0))
    (found,) = patient.long_transactions(observer, 0.0)
    assert (found.pid, found.state) == (session, "idle in transaction")
    assert patient.long_transactions(observer, 3600.0) == ()
    holder.rollback()
    until(lambda: patient.long_transactions(observer, 0.0) == ())


@on_postgresql
def test_progress_of_a_concurrent_build_says_for_how_many_it_waits(
    connect: Connect, make_waits: MakeWaits, observer: Connection, table: str
) -> None:
    main, holder = connect(autocommit=True), connect()
    waits = make_waits(main)
    waits.begin()
    waits.limit(main.connection.cursor(), locks=False)
    assert waits.progress(observer) is None
    holder.exec_driver_sql("UPDATE parcel SET note = 'held' WHERE id = 1")
    with waiting(main, holder, sql="CREATE INDEX CONCURRENTLY parcel_note ON parcel (note)"):
        until(lambda: (found := waits.progress(observer)) and found.total)
        found = waits.progress(observer)
    assert found is not None
    assert (found.phase, found.done, found.total, found.percent) == (
        "waiting for writers before build",
        0,
        1,
        0,
    )
    waits.end()


@on_mariadb
def test_progress_of_a_copied_table_counts_its_stages(
    main: Connection, patient: Waits, observer: Connection, table: str
) -> None:
    main.exec_driver_sql("INSERT INTO parcel SELECT seq, 'y' FROM seq_2_to_200000")
    main.commit()
    assert patient.progress(observer) is None
    running = Running(main, f"{CHANGE}, ALGORITHM = COPY")
    seen: list[Progress] = []
    while not seen and not running.ended():
        seen += filter(None, [patient.progress(observer)])
    assert running.join() is None
    (found,) = seen
    assert found.total == 200
    assert found.percent is not None
    assert 0 <= found.percent <= 100


HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode = " + sys.argv[2])
connection.execute("BEGIN")
connection.execute(sys.argv[3]).fetchall()
print("has it", flush=True)
sys.stdin.read()
"""


@contextmanager
def other_process(database: Database, mode: str, statement: str) -> Iterator[subprocess.Popen[str]]:
    file = make_url(database.url).database
    command = [sys.executable, "-c", HOLDER, str(file), mode, statement, "sqlite://user:geheim@host/x"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "has it\n"
        yield process
        process.kill()


WRITE, READ = "UPDATE parcel SET note = 'held'", "SELECT * FROM parcel"


@on_sqlite
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who has locked a file")
@pytest.mark.parametrize(
    ("mode", "statement", "state"),
    [
        ("DELETE", WRITE, "writes to the file"),
        ("DELETE", READ, "reads the file"),
        ("WAL", WRITE, "writes to the file"),
        ("WAL", READ, None),
    ],
)
def test_process_that_has_the_file_is_named(
    database: Database,
    main: Connection,
    make_waits: MakeWaits,
    table: str,
    mode: str,
    statement: str,
    state: str | None,
) -> None:
    waits = make_waits(main)
    waits.begin()
    with other_process(database, mode, statement) as process:
        found = waits.blockers(main)
    assert [(it.pid, it.state) for it in found] == ([(process.pid, state)] if state else [])
    for blocker in found:
        assert str(blocker).startswith(f"process {process.pid}, user '{blocker.user}', '")
        assert sys.executable in (blocker.application or "")
        assert "geheim" not in (blocker.application or "")
    assert waits.blockers(main) == ()
    waits.end()
