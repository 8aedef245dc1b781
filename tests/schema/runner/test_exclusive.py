"""One runner at a time: several processes that start together, and one that has to wait."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import alembic.command
import flask_migrate
import pytest
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.pool import Pool

from app import schema
from app.schema import dialects
from tests.databases.servers import Database
from tests.schema.conftest import Project, create
from tests.schema.old_env import GET_ENGINE
from tests.schema.runner.crowd import crowd

ROOT = Path(__file__).parent.parent.parent.parent
RECORD = """
    import os
    op.execute(f"INSERT INTO runs VALUES ('{revision}', {os.getpid()})")
""".strip()
SLOWLY = RECORD + "\n    import time\n    time.sleep(0.6)"
# The first process that comes here offers itself as the victim.
UNTIL_KILLED = (
    RECORD
    + """
    import pathlib, time
    victim = pathlib.Path(op.get_context().script.dir) / "victim"
    if not victim.exists():
        victim.write_text(str(os.getpid()))
        time.sleep(60)
""".rstrip()
)
NUMBER = 8


@pytest.fixture
def recorded(project: Project) -> Project:
    """A project with four revisions, each of which writes down its run; the second one takes its time."""
    table = 'op.create_table("runs", sa.Column("revision", sa.String(10)), sa.Column("pid", sa.Integer()))'
    project.revision("aaa", upgrade=f"{table}\n    {RECORD}", downgrade='op.drop_table("runs")')
    project.revision("bbb", "aaa", upgrade=SLOWLY)
    project.revision("ccc", "bbb", upgrade=f"{create('two')}\n    {RECORD}")
    project.revision("ddd", "ccc", upgrade=RECORD)
    return project


def runs(project: Project) -> Counter[str]:
    return Counter(revision for (revision,) in project.rows("SELECT revision FROM runs"))


@pytest.mark.parametrize("start", ["empty", "populated"])
def test_runners_that_start_together_run_every_revision_once(recorded: Project, start: str) -> None:
    if start == "populated":
        recorded.flask("db", "upgrade", "aaa")
    runners = crowd(recorded, "db", "upgrade")
    assert [runner["code"] for runner in runners] == [0] * NUMBER, runners
    assert runs(recorded) == dict.fromkeys(("aaa", "bbb", "ccc", "ddd"), 1)
    assert recorded.version() == ["ddd"]

    (winner,) = {pid for (pid,) in recorded.rows("SELECT pid FROM runs WHERE revision <> 'aaa'")}
    said = [runner["stderr"].count("Another runner") for runner in runners if runner["pid"] != winner]
    assert max(said) == 1
    assert any(f"database: process {winner} on " in runner["stderr"] for runner in runners), runners


@pytest.mark.parametrize(
    ("sent", "number"), [(signal.SIGKILL, NUMBER), (signal.SIGTERM, 2), (signal.SIGINT, 2)]
)
def test_runner_that_is_ended_leaves_its_work_to_the_others(
    project: Project, sent: signal.Signals, number: int
) -> None:
    table = 'op.create_table("runs", sa.Column("revision", sa.String(10)), sa.Column("pid", sa.Integer()))'
    project.revision("aaa", upgrade=table)
    project.revision("bbb", "aaa", upgrade=UNTIL_KILLED)
    project.revision("ccc", "bbb", upgrade=RECORD)
    runners = crowd(project, "db", "upgrade", number=number, sent=sent)
    victim = int((project.folder / "victim").read_text())
    codes = {runner["pid"]: runner["code"] for runner in runners}
    assert codes.pop(victim) == (-sent if sent == signal.SIGKILL else 1)
    assert set(codes.values()) == {0}, runners
    assert runs(project) == {"bbb": 1, "ccc": 1}
    assert project.version() == ["ccc"]


@contextmanager
def another_runner(database: Database, version_table: str = "alembic_version") -> Iterator[None]:
    """Hold the lock of a database as another runner does."""
    engine = create_engine(database.url, poolclass=NullPool)
    with engine.connect() as connection:
        lock = dialects.for_name(engine.dialect.name).runner_lock(connection, version_table, None, work=True)
        assert lock is not None
        try:
            assert lock.acquire()
            yield
        finally:
            lock.release()


def is_free(database: Database) -> bool:
    with another_runner(database):
        return True


@pytest.fixture
def impatient(make_project: Callable[..., Project], database: Database) -> Project:
    """A project at the first of its two revisions that waits for nobody."""
    project = make_project(database, SCHEMA_RUNNER_WAIT="0s")
    project.revision("aaa", upgrade=create("one"), downgrade='op.drop_table("one")')
    project.revision("bbb", "aaa", upgrade=create("two"))
    project.flask("db", "upgrade", "aaa")
    return project


@pytest.mark.parametrize(
    "command",
    [("upgrade",), ("downgrade",), ("stamp", "--force", "head"), ("stamp", "--purge", "aaa")],
    ids=" ".join,
)
def test_command_that_waits_too_long_changes_nothing(impatient: Project, command: tuple[str, ...]) -> None:
    with another_runner(impatient.database):
        result = impatient.flask("db", *command, ok=False)
    assert result.exit_code == 3
    assert "Another runner is still migrating this database: process " in result.stderr
    assert "Nothing was run after a wait of 0 ms." in result.stderr
    assert "SCHEMA_RUNNER_WAIT" in result.stderr
    assert impatient.version() == ["aaa"]
    assert impatient.tables() == {"alembic_version", "one"}


def test_version_table_is_made_by_one_runner(
    make_project: Callable[..., Project], database: Database
) -> None:
    project = make_project(database, SCHEMA_RUNNER_WAIT="0s")
    with another_runner(database):
        assert project.flask("db", "ensure-version", ok=False).exit_code == 3
        assert project.flask("db", "upgrade", ok=False).exit_code == 3
    assert project.tables() == set()
    project.flask("db", "ensure-version")
    with another_runner(database):
        project.flask("db", "ensure-version")


def test_line_names_the_runner_that_is_waited_for(impatient: Project) -> None:
    impatient.app.config["SCHEMA_RUNNER_WAIT"] = "100ms"
    with another_runner(impatient.database):
        result = impatient.flask("db", "upgrade", ok=False)
    (line,) = [it for it in result.stderr.splitlines() if it.startswith("Another runner is migrating")]
    assert ": process " in line
    assert "user '" in line
    assert ", for " in line
    assert line.endswith("Waiting for up to 100 ms.")


def test_function_tells_the_log_of_the_application(
    impatient: Project, caplog: pytest.LogCaptureFixture
) -> None:
    impatient.app.config["SCHEMA_RUNNER_WAIT"] = "100ms"
    with another_runner(impatient.database), impatient.app.app_context(), pytest.raises(schema.Busy):
        schema.upgrade()
    assert "Another runner is migrating this database" in caplog.text


@pytest.mark.filterwarnings("ignore:'get_engine' is deprecated")
@pytest.mark.leaks("logging", reason="the env.py of Flask-Migrate 3 calls fileConfig")
@pytest.mark.parametrize("old", [False, True], ids=["our env.py", "old env.py"])
def test_commands_of_alembic_and_flask_migrate_wait_too(impatient: Project, *, old: bool) -> None:
    if old:
        (impatient.folder / "env.py").write_text(GET_ENGINE)
    with another_runner(impatient.database), impatient.app.app_context():
        with pytest.raises(CommandError, match="Another runner is still migrating"):
            alembic.command.upgrade(impatient.migrate.get_config(), "head")
        with pytest.raises(SystemExit):
            flask_migrate.downgrade()
        assert impatient.flask("db", "upgrade", ok=False).exit_code == 3
    assert impatient.version() == ["aaa"]
    with impatient.app.app_context():
        alembic.command.upgrade(impatient.migrate.get_config(), "head")
    assert impatient.version() == ["bbb"]
    assert is_free(impatient.database)


def test_nothing_is_locked_where_nothing_is_to_be_done(impatient: Project) -> None:
    impatient.flask("db", "upgrade")
    fresh = Project(impatient.database, impatient.folder, SCHEMA_RUNNER_WAIT="0s")
    opened, statements = [], []

    def connected(*_: Any) -> None:
        opened.append(1)

    def executed(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement.lower())

    with another_runner(impatient.database):
        event.listen(Pool, "connect", connected)
        event.listen(Engine, "before_cursor_execute", executed)
        try:
            for command in (("upgrade",), ("stamp", "head"), ("current",), ("check",)):
                fresh.flask("db", *command, ok=command != ("check",))
        finally:
            event.remove(Pool, "connect", connected)
            event.remove(Engine, "before_cursor_execute", executed)
    assert len(opened) == 1
    assert statements
    assert [it for it in statements if "lock" in it or "lease" in it or "schema_runner" in it] == []


@pytest.mark.parametrize("failure", ["ValueError", "KeyboardInterrupt", "SystemExit(7)"])
def test_lock_is_given_back_after_a_failure(impatient: Project, failure: str) -> None:
    impatient.revision("bbb", "aaa", upgrade=f"{create('two')}\n    raise {failure}")
    assert impatient.flask("db", "upgrade", ok=False).exit_code in (1, 7)
    assert is_free(impatient.database)


def test_failed_purge_forgets_nothing(impatient: Project) -> None:
    result = impatient.flask("db", "stamp", "--purge", "nowhere", ok=False)
    assert result.exit_code != 0
    assert impatient.version() == ["aaa"]
    assert is_free(impatient.database)


@pytest.mark.parametrize("engine_name", ["postgresql", "mariadb"], indirect=True)
def test_another_version_table_is_another_lock(impatient: Project) -> None:
    with another_runner(impatient.database, "versions_of_somebody"):
        impatient.flask("db", "upgrade")
    assert impatient.version() == ["bbb"]


@pytest.mark.parametrize("together", [False, True], ids=["each revision", "all revisions"])
def test_binds_on_one_database_are_locked_one_after_the_other(
    make_project: Callable[..., Project], database: Database, *, together: bool
) -> None:
    project = make_project(
        database,
        init=("--multidb",),
        arguments={"transaction_per_migration": not together},
        SQLALCHEMY_BINDS={"same": database.url},
        SCHEMA_RUNNER_WAIT="0s",
    )
    project.revision("aaa", arguments="engine_name", upgrade=f"engine_name == '' and {create('one')}")
    project.flask("db", "upgrade")
    project.revision("bbb", "aaa", arguments="engine_name")
    project.flask("db", "upgrade")
    assert project.version() == ["bbb"]
    assert is_free(database)


def test_lock_outlives_the_commit_of_one_transaction_for_all(
    make_project: Callable[..., Project], database: Database
) -> None:
    project = make_project(database, arguments={"transaction_per_migration": False})
    table = 'op.create_table("runs", sa.Column("revision", sa.String(10)), sa.Column("pid", sa.Integer()))'
    project.revision("aaa", upgrade=f"{table}\n    {SLOWLY}")
    project.revision("bbb", "aaa", upgrade=RECORD)
    codes = [runner["code"] for runner in crowd(project, "db", "upgrade", number=3)]
    assert codes == [0, 0, 0]
    assert runs(project) == {"aaa": 1, "bbb": 1}


def test_connection_of_the_caller_is_used_and_left_open(impatient: Project) -> None:
    engine = create_engine(impatient.database.url, poolclass=NullPool)
    with impatient.app.app_context(), engine.begin() as connection:
        config = impatient.migrate.get_config()
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "head")
    assert impatient.version() == ["bbb"]
    assert is_free(impatient.database)


def test_database_in_memory_needs_no_lock(make_project: Callable[..., Project]) -> None:
    project = make_project(Database("sqlite", "sqlite://"), SCHEMA_RUNNER_WAIT="0s")
    project.revision("aaa", upgrade=create("one"))
    assert "Running upgrade" in project.flask("db", "upgrade").stderr
