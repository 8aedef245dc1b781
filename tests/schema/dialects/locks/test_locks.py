"""The lock of each engine: what takes it, what frees it, and what is said of who has it."""

from __future__ import annotations

import getpass
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection, NullPool, create_engine, make_url

from app.schema import dialects
from app.schema.core.runner_lock import LockLost, RunnerLock
from app.schema.dialects.locks.dedicated import close, dedicated
from app.schema.dialects.locks.lease import Lease, leases
from tests.databases.servers import Database
from tests.schema.conftest import Project, create

Connect = Callable[[], Connection]
MakeLock = Callable[..., RunnerLock]

on_mariadb = pytest.mark.parametrize("engine_name", ["mariadb"], indirect=True)
on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def connect(database: Database) -> Iterator[Connect]:
    """Return a function that opens a connection."""
    engine = create_engine(database.url, poolclass=NullPool)
    with ExitStack() as until:
        yield lambda: until.enter_context(engine.connect())


@pytest.fixture
def make_lock(connect: Connect) -> Iterator[MakeLock]:
    """Return a function that makes the lock of another runner each time."""
    with ExitStack() as until:

        def make(version_table: str = "alembic_version", main: Connection | None = None) -> RunnerLock:
            connection = main or connect()
            dialect = dialects.for_name(connection.dialect.name)
            lock = dialect.runner_lock(connection, version_table, None, work=True)
            assert lock is not None
            until.callback(lock.release)
            return lock

        yield make


def test_one_of_two_has_it_until_it_is_given_back(make_lock: MakeLock) -> None:
    first, second = make_lock(), make_lock()
    assert first.acquire()
    assert not second.acquire()
    first.require()
    first.release()
    assert second.acquire()


def test_holder_is_named(make_lock: MakeLock, database: Database) -> None:
    first, second = make_lock(), make_lock()
    assert second.holder() is None
    assert first.acquire()
    holder = second.holder()
    assert holder is not None
    assert (holder.pid, holder.host) == (os.getpid(), socket.gethostname())
    user = make_url(database.url).username if database.engine == "postgresql" else getpass.getuser()
    assert holder.user == user
    assert holder.age is not None
    assert 0 <= holder.age < 60
    assert (holder.session is None) is (database.engine == "sqlite")
    first.release()
    assert second.holder() is None


@pytest.mark.parametrize("engine_name", ["postgresql", "mariadb"], indirect=True)
def test_statement_that_outlives_its_process_keeps_others_out(make_lock: MakeLock, connect: Connect) -> None:
    main = connect()
    dead, next_one = make_lock(main=main), make_lock()
    assert dead.acquire()
    close(
        vars(dead)["_own"]
    )  # what the end of the process does at once; the session of `main` is still there
    assert not next_one.acquire()
    holder = next_one.holder()
    assert holder is not None
    assert holder.orphan
    assert "its last statement still runs" in str(holder)
    main.invalidate()
    deadline = time.monotonic() + 10
    while not next_one.acquire():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_lost_connection_is_noticed(make_lock: MakeLock, connect: Connect) -> None:
    lock = make_lock()
    assert lock.acquire()
    session = vars(lock)["_own"].connection.dbapi_connection.info.backend_pid
    connect().exec_driver_sql(f"SELECT pg_terminate_backend({session}, 5000)")
    with pytest.raises(LockLost, match="another one may have begun"):
        lock.require()


@pytest.fixture
def own(connect: Connect) -> Iterator[Connection]:
    """A connection for a lease."""
    connection = dedicated(connect())
    yield connection
    close(connection)


def elsewhere(connection: Connection, seconds: int) -> None:
    """Let a lease come from another node of a cluster, and expire in some seconds."""
    connection.exec_driver_sql(
        f"UPDATE {leases.name} SET node = 'another', expires = UTC_TIMESTAMP(6) + INTERVAL {seconds} SECOND"
    )
    connection.commit()


@on_mariadb
def test_lease_of_another_node_is_respected_until_it_expires(make_lock: MakeLock, connect: Connect) -> None:
    first, second, third = make_lock(), make_lock(), make_lock()
    assert first.acquire()
    elsewhere(connect(), 60)
    close(vars(first)["_own"])
    vars(first)["_main"].invalidate()
    deadline = time.monotonic() + 10
    while second.holder() is None or getattr(second.holder(), "orphan", False):
        assert time.monotonic() < deadline
    assert not second.acquire()
    elsewhere(connect(), -1)
    assert second.acquire()
    assert not third.acquire()


@on_mariadb
def test_lease_is_renewed_while_its_runner_lives(own: Connection, connect: Connect) -> None:
    lease = Lease(own, "name", seconds=1)
    assert lease.take()
    time.sleep(2.2)
    lease.require()
    left = f"SELECT expires > UTC_TIMESTAMP(6) FROM {leases.name} WHERE name = 'name'"
    assert connect().exec_driver_sql(left).scalar() == 1
    lease.give_back()
    assert connect().exec_driver_sql(f"SELECT count(*) FROM {leases.name}").scalar() == 0


@on_mariadb
def test_lease_that_was_taken_over_is_lost(own: Connection, connect: Connect) -> None:
    lease = Lease(own, "name", seconds=1)
    assert lease.take()
    thief = connect()
    thief.exec_driver_sql(f"UPDATE {leases.name} SET token = 'another'")
    thief.commit()
    time.sleep(1.5)
    with pytest.raises(LockLost, match="could not be renewed for 1 s"):
        lease.require()
    lease.give_back()
    assert thief.exec_driver_sql(f"SELECT count(*) FROM {leases.name}").scalar() == 1


@on_sqlite
def test_file_of_the_lock_is_gone_afterwards(project: Project) -> None:
    project.revision("aaa", upgrade=create("one"))
    project.flask("db", "upgrade")
    folder = Path(str(make_url(project.database.url).database)).parent
    assert [path.name for path in folder.iterdir() if "lock" in path.name] == []


@on_sqlite
def test_file_that_a_killed_runner_left_is_in_nobodys_way(make_lock: MakeLock, database: Database) -> None:
    left = Path(f"{make_url(database.url).database}.schema-lock")
    left.write_text("half a li")
    lock = make_lock()
    assert lock.holder() is None
    assert lock.acquire()
    lock.release()
    assert not left.exists()


@on_sqlite
def test_two_names_of_one_file_are_one_lock(make_lock: MakeLock, database: Database, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(str(make_url(database.url).database))
    engine = create_engine(f"sqlite:///{link}", poolclass=NullPool)
    assert make_lock().acquire()
    with engine.connect() as connection:
        assert not make_lock(main=connection).acquire()
