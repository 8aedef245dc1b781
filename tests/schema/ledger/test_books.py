"""What upgrades, downgrades and stamps leave in the ledger, however they are started."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import alembic.command
import flask_migrate
import pytest
from alembic.util import CommandError
from sqlalchemy import Engine, NullPool, create_engine, event

from app.schema.core.entry import Entry, Kind, Result
from app.schema.ledger.store import LedgerStore
from app.schema.scripts.digest import source_digest
from tests.databases.servers import Database
from tests.schema.conftest import Project, create
from tests.schema.old_env import GET_ENGINE
from tests.schema.runner.test_exclusive import crowd

# The env.py of older templates asks Flask-SQLAlchemy in a way that it will not answer for ever.
pytestmark = pytest.mark.filterwarnings("ignore:'get_engine' is deprecated:DeprecationWarning")


def ledger(
    project: Project, database: Database | None = None, version_table: str = "alembic_version"
) -> list[Entry]:
    """Return the whole ledger, read on a connection of its own."""
    engine = create_engine((database or project.database).url, poolclass=NullPool)
    with engine.connect() as connection:
        store = LedgerStore(connection, version_table, None)
        return store.read(sources=True) if store.exists() else []


def lines(entries: list[Entry]) -> list[tuple[str, str, str, str]]:
    return [(entry.revision, entry.kind.value, entry.direction, entry.result.value) for entry in entries]


def done(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.result is Result.DONE]


@pytest.fixture
def two(project: Project) -> Project:
    project.revision("aaa", upgrade=create("one"), downgrade='op.drop_table("one")', message="Make one")
    project.revision("bbb", "aaa", upgrade=create("two"), downgrade='op.drop_table("two")')
    return project


def start_flask(project: Project, command: str, *arguments: str) -> None:
    project.flask("db", command, *arguments)


def start_flask_migrate(project: Project, command: str, *arguments: str) -> None:
    with project.app.app_context():
        getattr(flask_migrate, command)(str(project.folder), *arguments)


def start_alembic(project: Project, command: str, *arguments: str) -> None:
    with project.app.app_context():
        getattr(alembic.command, command)(project.migrate.get_config(), *arguments)


KILLED = """
    import os, pathlib, time
    (pathlib.Path(op.get_context().script.dir) / "victim").write_text(str(os.getpid()))
    time.sleep(60)
""".strip()
STARTS = [start_flask, start_flask_migrate, start_alembic]


@pytest.mark.leaks("logging", reason="the env.py of Flask-Migrate 3 calls fileConfig")
@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("old", [False, True], ids=["our env.py", "old env.py"])
def test_everything_that_moves_the_version_is_entered(
    two: Project, start: Callable[..., None], *, old: bool
) -> None:
    if old:
        (two.folder / "env.py").write_text(GET_ENGINE)
    two.revision("ccc", "bbb")
    start(two, "upgrade", "head")
    start(two, "downgrade", "bbb")
    start(two, "stamp", "ccc")
    entries = ledger(two)
    assert lines(done(entries)) == [
        ("aaa", "upgrade", "upgrade", "done"),
        ("bbb", "upgrade", "upgrade", "done"),
        ("ccc", "upgrade", "upgrade", "done"),
        ("ccc", "downgrade", "downgrade", "done"),
        ("ccc", "stamp", "upgrade", "done"),
    ]
    assert [entry.heads for entry in done(entries)] == [("aaa",), ("bbb",), ("ccc",), ("bbb",), ("ccc",)]


def test_entry_says_what_when_who_and_with_which_code(two: Project) -> None:
    before = datetime.now(UTC)
    two.app.config["SCHEMA_CODE_VERSION"] = "release 7"
    two.flask("db", "upgrade", "aaa")
    entry = done(ledger(two))[0]
    source = (two.folder / "versions" / "aaa_.py").read_bytes()
    page = entry.page
    assert (page.path, page.message, page.parents, page.source) == ("aaa_.py", "Make one", (), source)
    assert page.source_digest == source_digest(source)
    assert page.meaning_digest is not None
    assert page.downgrade_digest not in (None, page.meaning_digest)
    assert entry.code == "release 7"
    assert entry.pid == os.getpid()
    assert entry.host
    assert entry.server.startswith(two.database.engine)
    assert "Alembic" in entry.tool
    assert entry.attempts == 1
    assert entry.error is None
    assert entry.started_at is not None
    assert entry.ended_at is not None
    assert timedelta(seconds=entry.duration) - (entry.ended_at - entry.started_at) < timedelta(milliseconds=2)
    assert (
        before - timedelta(seconds=2)
        < entry.started_at
        <= entry.ended_at
        < datetime.now(UTC) + timedelta(seconds=2)
    )


def test_code_is_the_commit_of_the_folder_where_nothing_else_is_said(two: Project) -> None:
    for arguments in (
        ["init"],
        ["add", "."],
        ["-c", "user.name=x", "-c", "user.email=x@y", "commit", "-m", "x"],
    ):
        subprocess.run(["git", "-C", str(two.folder), *arguments], check=True, capture_output=True)
    head = subprocess.run(
        ["git", "-C", str(two.folder), "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    )
    two.flask("db", "upgrade")
    assert {entry.code for entry in ledger(two)} == {head.stdout.strip()}


def test_parents_are_kept_for_merges_too(two: Project) -> None:
    two.revision("ccc", "aaa")
    two.revision("ddd", ("bbb", "ccc"))
    two.flask("db", "upgrade")
    entries = {entry.revision: entry for entry in done(ledger(two))}
    assert entries["ddd"].page.parents == ("bbb", "ccc")
    assert entries["ddd"].heads == ("ddd",)


def test_failure_is_entered_and_takes_its_entry_of_success_along(two: Project) -> None:
    two.revision(
        "ccc",
        "bbb",
        upgrade=f"{create('three')}\n    op.execute(\"INSERT INTO three (id) VALUES ('s3cret')\")"
        "\n    op.execute(\"INSERT INTO nowhere (id) VALUES ('s3cret')\")",
    )
    two.flask("db", "upgrade", ok=False)
    entries = ledger(two)
    assert lines(done(entries)) == [
        ("aaa", "upgrade", "upgrade", "done"),
        ("bbb", "upgrade", "upgrade", "done"),
    ]
    failed = entries[-1]
    assert (failed.revision, failed.result, failed.heads) == ("ccc", Result.FAILED, None)
    assert failed.error is not None
    assert "s3cret" not in failed.error
    assert failed.error.count("\n") < 6
    assert failed.ended_at is not None
    if two.database.engine == "mariadb":
        begun = entries[-2]
        assert (begun.revision, begun.result, begun.ended_at) == ("ccc", Result.STARTED, None)
        assert begun.attempt == failed.attempt
    else:
        assert len(entries) == 3


def test_failure_is_entered_where_all_revisions_share_a_transaction(
    make_project: Callable[..., Project], database: Database
) -> None:
    project = make_project(database, arguments={"transaction_per_migration": False})
    project.revision("aaa", upgrade=create("one"))
    project.revision("bbb", "aaa", upgrade="1 / 0")
    project.flask("db", "upgrade", ok=False)
    entries = ledger(project)
    assert (entries[-1].revision, entries[-1].result) == ("bbb", Result.FAILED)
    assert "ZeroDivisionError" in str(entries[-1].error)
    # What was rolled back with it was never done.
    kept = ["aaa"] if database.engine == "mariadb" else []
    assert [entry.revision for entry in done(entries)] == kept


def test_where_nothing_is_rolled_back_the_beginning_is_entered_first(
    make_project: Callable[..., Project], make_database: Callable[[str], Database]
) -> None:
    project = make_project(make_database("mariadb"))
    project.revision("aaa", upgrade=f"{create('one')}\n    {KILLED}")
    crowd(project, "db", "upgrade", number=1, sent=signal.SIGKILL)
    (begun,) = ledger(project)
    assert (begun.revision, begun.kind, begun.result) == ("aaa", Kind.UPGRADE, Result.STARTED)
    assert begun.page.source is not None
    assert project.version() == []

    project.revision("aaa", upgrade=create("one"))
    project.flask("db", "upgrade")
    _, again, end = ledger(project)
    assert (again.kind, again.result, end.kind, end.result) == (
        Kind.RESUME,
        Result.STARTED,
        Kind.RESUME,
        Result.DONE,
    )
    assert begun.attempt != again.attempt == end.attempt


def test_revision_that_commits_in_between_is_entered_first(project: Project) -> None:
    block = "\n        ".join(["with op.get_context().autocommit_block():", 'op.execute("SELECT 1")'])
    project.revision("aaa", upgrade=f"{block}\n    1 / 0")
    project.flask("db", "upgrade", ok=False)
    begun, failed = ledger(project)
    assert (begun.result, failed.result) == (Result.STARTED, Result.FAILED)
    assert begun.attempt == failed.attempt


def stock(project: Project) -> Project:
    """The same project as it was before, with Flask-Migrate itself."""
    return Project(project.database, project.folder, flask_migrate.Migrate)


def before_the_ledger(project: Project, revision: str) -> None:
    """Bring the database to a revision as if there had never been a ledger."""
    env = (project.folder / "env.py").read_text()
    (project.folder / "env.py").write_text(GET_ENGINE)
    stock(project).flask("db", "upgrade", revision)
    (project.folder / "env.py").write_text(env)


@pytest.mark.leaks("logging", reason="the env.py of Flask-Migrate 3 calls fileConfig")
def test_older_database_is_adopted_at_the_first_upgrade(two: Project) -> None:
    two.revision("xxx", message="A branch")
    two.revision("ccc", ("bbb", "xxx"))
    before_the_ledger(two, "ccc")
    assert ledger(two) == []
    assert "Warning" not in two.flask("db", "upgrade").stderr
    assert ledger(two) == []  # nothing was to be done, and nothing is created
    two.revision("ddd", "ccc")
    result = two.flask("db", "upgrade")
    assert "Warning" not in result.stderr
    entries = done(ledger(two))
    assert sorted(entry.revision for entry in entries if entry.kind is Kind.ADOPT) == [
        "aaa",
        "bbb",
        "ccc",
        "xxx",
    ]
    places = {entry.revision: place for place, entry in enumerate(entries)}
    assert places["aaa"] < places["bbb"] < places["ccc"] < places["ddd"]
    for entry in entries[:-1]:
        assert entry.heads == ("ccc",)
        assert entry.page.source_digest
        assert entry.page.meaning_digest
        assert entry.page.source == (two.folder / "versions" / f"{entry.revision}_.py").read_bytes()
    assert entries[-1].kind is Kind.UPGRADE


@pytest.mark.leaks("logging", reason="the env.py of Flask-Migrate 3 calls fileConfig")
def test_what_another_tool_moved_is_entered_at_the_next_upgrade(two: Project) -> None:
    two.flask("db", "upgrade", "aaa")
    before_the_ledger(two, "bbb")
    two.revision("ccc", "bbb")
    assert "Warning" in two.flask("db", "upgrade").stderr
    assert lines(done(ledger(two)))[1:] == [
        ("bbb", "adopt", "upgrade", "done"),
        ("ccc", "upgrade", "upgrade", "done"),
    ]
    assert "Warning" not in two.flask("db", "upgrade").stderr


@pytest.mark.parametrize("purge", [(), ("--purge",)])
def test_stamp_enters_every_revision_that_it_declares(two: Project, purge: tuple[str, ...]) -> None:
    two.revision("ccc", "bbb")
    two.flask("db", "stamp", "--force", "bbb")
    two.flask("db", "stamp", "--force", *purge, "ccc")
    two.flask("db", "stamp", "--force", *purge, "aaa")
    two.flask("db", "stamp", "base")
    assert lines(ledger(two)) == [
        ("aaa", "stamp", "upgrade", "done"),
        ("bbb", "stamp", "upgrade", "done"),
        ("ccc", "stamp", "upgrade", "done"),
        ("ccc", "stamp", "downgrade", "done"),
        ("bbb", "stamp", "downgrade", "done"),
        ("aaa", "stamp", "upgrade", "done"),
        ("aaa", "stamp", "downgrade", "done"),
    ]


def test_ledger_is_in_the_schema_of_the_version_table(
    make_project: Callable[..., Project], make_database: Callable[[str], Database]
) -> None:
    database = make_database("postgresql")
    project = make_project(database, arguments={"version_table_schema": "own", "version_table": "v"})
    project.rows("CREATE SCHEMA own")
    project.revision("aaa")
    project.flask("db", "upgrade")
    assert project.rows("SELECT version_table, revision FROM own.schema_ledger") == [("v", "aaa")]


def test_each_bind_has_a_ledger_of_its_own(
    make_project: Callable[..., Project], database: Database, make_database: Callable[[str], Database]
) -> None:
    other = make_database(database.engine)
    project = make_project(database, init=("--multidb",), SQLALCHEMY_BINDS={"other": other.url})
    project.revision("aaa", arguments="engine_name", upgrade=f"engine_name == 'other' and {create('one')}")
    project.flask("db", "upgrade")
    for where in (database, other):
        assert [entry.revision for entry in done(ledger(project, where))] == ["aaa"]


def test_nothing_is_entered_and_nothing_made_by_commands_that_only_read(two: Project) -> None:
    for command in (["current"], ["history", "-i"], ["heads"], ["plan"], ["lint"], ["upgrade", "--sql"]):
        two.flask("db", *command)
    assert "schema_ledger" not in two.tables() | {row[0] for row in two.rows(TABLES[two.database.engine])}


TABLES = {
    "sqlite": "SELECT name FROM sqlite_master",
    "postgresql": "SELECT tablename FROM pg_tables",
    "mariadb": "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()",
}


def test_ledger_is_only_ever_added_to(two: Project) -> None:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "schema_ledger" in statement:
            sent.append(statement.split()[0].upper())

    event.listen(Engine, "before_cursor_execute", note)
    try:
        two.flask("db", "upgrade")
        two.flask("db", "downgrade", "base")
        two.flask("db", "stamp", "--force", "head")
        two.flask("db", "stamp", "--force", "--purge", "aaa")
        two.revision("ccc", "bbb", upgrade="1 / 0")
        two.flask("db", "upgrade", ok=False)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert "INSERT" in sent
    assert set(sent) <= {"INSERT", "SELECT", "CREATE", "PRAGMA", "DESCRIBE"}


def test_one_statement_for_each_revision(project: Project) -> None:
    inserts: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "schema_ledger" in statement:
            inserts.append(statement)

    for number in range(10):
        project.revision(f"r{number}", f"r{number - 1}" if number else None)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        project.flask("db", "upgrade")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    # Where nothing is rolled back, each begins with one more; then there is the look for the table, and its creation.
    assert len(inserts) <= (20 if project.database.engine == "mariadb" else 10) + 5


def test_callers_transaction_stays_the_callers(two: Project) -> None:
    two.revision("ccc", "bbb", upgrade="1 / 0")
    engine = create_engine(two.database.url, poolclass=NullPool)
    with two.app.app_context(), engine.connect() as connection, connection.begin() as transaction:
        config = two.migrate.get_config()
        config.attributes["connection"] = connection
        with pytest.raises((CommandError, ZeroDivisionError)):
            alembic.command.upgrade(config, "head")
        transaction.rollback()
    if two.database.engine == "postgresql":
        assert ledger(two) == []
        assert two.tables() == set()


def test_rows_can_be_read_by_a_person(two: Project) -> None:
    two.flask("db", "upgrade")
    (row,) = two.rows(
        "SELECT parents, heads, source FROM schema_ledger WHERE revision = 'bbb' AND result = 'done'"
    )
    assert json.loads(row[0]) == ["aaa"]
    assert json.loads(row[1]) == ["bbb"]
    assert zlib.decompress(row[2]) == (two.folder / "versions" / "bbb_.py").read_bytes()
