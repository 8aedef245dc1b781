"""A statement waits for its lock a moment at a time, and everybody else goes on in between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy import NullPool, create_engine, inspect

from tests.databases.servers import Database
from tests.schema.conftest import Project, create

ADD_COLUMN = 'op.add_column("t", sa.Column("x", sa.Integer()))'


@contextmanager
def in_use(database: Database) -> Iterator[sa.Connection]:
    """Keep the table `t` in use, as a reader or a writer with an open transaction does."""
    engine = create_engine(database.url, poolclass=NullPool)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("SELECT * FROM t").all()
        yield connection


@pytest.fixture
def begun(project: Project) -> Project:
    """A project with a table that the next revision changes."""
    project.revision("aaa", upgrade=create("t"))
    project.flask("db", "upgrade")
    project.revision("bbb", "aaa", upgrade=ADD_COLUMN)
    return project


def test_lock_that_is_not_had_ends_with_3_and_the_schema_as_it_was(begun: Project) -> None:
    begun.app.config["SCHEMA_LOCK_BUDGET"] = "1s"
    with in_use(begun.database):
        result = begun.flask("db", "upgrade", ok=False)
    assert result.exit_code == 3
    assert "did not get its lock in" in result.stderr
    assert "SCHEMA_LOCK_BUDGET" in result.stderr
    assert begun.version() == ["aaa"]
    assert columns(begun) == ["id"]


def test_upgrade_goes_on_when_the_table_is_free_and_does_everything_once(
    begun: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun.revision("bbb", "aaa", upgrade=f'op.execute("INSERT INTO t VALUES (1)"); {ADD_COLUMN}')
    with in_use(begun.database) as other:
        pauses = freed_after(2, other, monkeypatch)
        result = begun.flask("db", "upgrade")
    assert result.stderr.count("did not get its lock within") == len(pauses) == 2
    assert begun.rows("SELECT * FROM t") == [(1, None)]
    assert begun.version() == ["bbb"]


@pytest.mark.parametrize("engine", ["postgresql", "mariadb"])
def test_readers_and_writers_pass_between_two_attempts(
    make_project: Callable[..., Project],
    make_database: Callable[[str], Database],
    monkeypatch: pytest.MonkeyPatch,
    engine: str,
) -> None:
    project = make_project(make_database(engine))
    project.revision("aaa", upgrade=create("t"))
    project.flask("db", "upgrade")
    project.revision("bbb", "aaa", upgrade=ADD_COLUMN)
    written: list[int] = []

    def between(_seconds: float) -> None:
        project.rows(
            f"INSERT INTO t VALUES ({len(written) + 1})"
        )  # fails, or hangs, if anything of ours is locked
        written.append(len(written) + 1)
        if len(written) == 2:
            other.rollback()

    with in_use(project.database) as other:
        monkeypatch.setattr("app.schema.runner.attempts.sleep", between)
        project.flask("db", "upgrade")
    assert project.rows("SELECT id, x FROM t ORDER BY id") == [(number, None) for number in written]


@pytest.mark.parametrize("engine", ["postgresql", "mariadb"])
def test_who_is_in_the_way_is_named(
    make_project: Callable[..., Project],
    make_database: Callable[[str], Database],
    monkeypatch: pytest.MonkeyPatch,
    engine: str,
) -> None:
    project = make_project(make_database(engine))
    project.revision("aaa", upgrade=create("t"))
    project.flask("db", "upgrade")
    project.revision("bbb", "aaa", upgrade=ADD_COLUMN)
    project.app.config["SCHEMA_LOCK_TIMEOUT"] = "2s"
    with in_use(project.database) as other:
        own = "pg_backend_pid()" if engine == "postgresql" else "connection_id()"
        session = other.exec_driver_sql(f"SELECT {own} FROM t RIGHT JOIN (SELECT 1) one ON 1 = 1").scalar()
        freed_after(1, other, monkeypatch)
        result = project.flask("db", "upgrade")
    assert f"in the way: session {session}, user '" in result.stderr


def test_deadlock_is_no_reason_to_give_up(
    make_project: Callable[..., Project], make_database: Callable[[str], Database]
) -> None:
    project = make_project(make_database("postgresql"), SCHEMA_LOCK_TIMEOUT="1min")
    project.revision("aaa", upgrade=f"{create('t')}; {create('u')}")
    project.flask("db", "upgrade")
    add_to_u = ADD_COLUMN.replace('"t"', '"u"')
    project.revision(
        "bbb", "aaa", upgrade=f'op.execute("INSERT INTO u VALUES (1)"); {add_to_u}; {ADD_COLUMN}'
    )
    with in_use(project.database) as other:
        other.exec_driver_sql("SET deadlock_timeout = '1min'")  # so that it is the runner who gives way
        thread = threading.Thread(target=asks_for_u, args=(project, other))
        thread.start()
        result = project.flask("db", "upgrade")
        thread.join()
    assert "was chosen to end a deadlock" in result.stderr
    assert project.rows("SELECT * FROM u") == [(1, None)]


def asks_for_u(project: Project, other: sa.Connection) -> None:
    """Ask for what the runner has, as soon as it waits for what `other` has."""
    waiting = "SELECT 1 FROM pg_locks WHERE relation = 't'::regclass AND NOT granted"
    while not project.rows(waiting):
        time.sleep(0.05)
    other.exec_driver_sql("SELECT * FROM u")
    other.rollback()


def freed_after(misses: int, other: sa.Connection, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """End the other's transaction in the pause after so many misses; the pauses are what is returned."""
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == misses:
            other.rollback()

    monkeypatch.setattr("app.schema.runner.attempts.sleep", pause)
    return pauses


def columns(project: Project) -> list[str]:
    """Return the columns of `t`."""
    return [
        column["name"]
        for column in inspect(create_engine(project.database.url, poolclass=NullPool)).get_columns("t")
    ]
