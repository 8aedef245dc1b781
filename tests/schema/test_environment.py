from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import alembic.command
import flask_migrate
import pytest
from alembic.util import CommandError
from sqlalchemy import Connection, event

from app import schema
from tests.databases.servers import Database
from tests.schema.conftest import Project, create

TEMPLATES = Path(schema.__file__).parent / "templates"
ROOT = Path(__file__).parent.parent.parent

SETS_FIRST = """
from alembic import context
from flask import current_app

with current_app.extensions["migrate"].db.engine.connect() as connection:
    connection.exec_driver_sql("{statement}")
    context.configure(connection=connection{arguments})
    with context.begin_transaction():
        context.run_migrations()
"""
STATEMENTS = {
    "sqlite": "CREATE TABLE IF NOT EXISTS lock_taken (id INTEGER)",
    "postgresql": "SET lock_timeout = 1000",
}


def env_that_begins_a_transaction(project: Project, arguments: str = "") -> None:
    """Write an env.py whose transaction nobody commits."""
    statement = STATEMENTS.get(project.database.engine, "SET lock_wait_timeout = 1")
    text = SETS_FIRST.format(statement=statement, arguments=arguments)
    (project.folder / "env.py").write_text(text)


def test_application_has_the_env_py_that_init_writes() -> None:
    text = (ROOT / "migrations" / "env.py").read_text()
    assert text == (TEMPLATES / "flask" / "env.py").read_text()
    assert "app.schema" not in text
    assert len(text.splitlines()) <= 35


@pytest.mark.parametrize("command", ["upgrade", "stamp"])
def test_command_whose_effect_is_not_kept_fails(project: Project, command: str) -> None:
    project.revision("aaa")
    env_that_begins_a_transaction(project)
    result = project.flask("db", command, ok=False)
    assert result.exit_code == 1
    assert "The revisions ran, but the database stands at no revision" in result.stderr
    assert "It should stand at revision 'aaa'." in result.stderr


def forget_version(*, ctx: Any, **_: Any) -> None:
    """Undo what a step wrote into the version table."""
    ctx.connection.exec_driver_sql("DELETE FROM alembic_version")


@pytest.fixture
def forgetful_project(make_project: Callable[..., Project], database: Database) -> Project:
    """A project whose database never stands where its revisions brought it."""
    project = make_project(database, arguments={"on_version_apply": forget_version})
    project.revision("aaa")
    return project


def test_alembic_itself_fails_where_the_version_is_not_kept(forgetful_project: Project) -> None:
    with forgetful_project.app.app_context():
        config = forgetful_project.migrate.get_config()
        with pytest.raises(CommandError, match="the database stands at no revision"):
            alembic.command.upgrade(config, "head")


def test_flask_migrate_fails_where_the_version_is_not_kept(
    forgetful_project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    with forgetful_project.app.app_context(), pytest.raises(SystemExit, match="1"):
        flask_migrate.upgrade()
    assert " ran, but the database stands at no revision" in caplog.text


def test_functions_of_flask_migrate_work(project: Project) -> None:
    project.revision("aaa", upgrade=create("one"), downgrade='op.drop_table("one")')
    with project.app.app_context():
        flask_migrate.upgrade()
        assert project.version() == ["aaa"]
        flask_migrate.downgrade()
        flask_migrate.upgrade()
        flask_migrate.stamp(revision="base")
        flask_migrate.stamp()
        flask_migrate.current()
        flask_migrate.revision(message="By hand")
    assert len(list((project.folder / "versions").glob("*_by_hand.py"))) == 1
    assert project.version() == ["aaa"]


def test_program_alembic_finds_the_application(
    sqlite_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    sqlite_project.revision("aaa", upgrade=create("one"))
    folder = sqlite_project.folder
    (folder.parent / "wsgi.py").write_text(
        "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\nfrom app.schema import Migrate\n"
        "app = Flask(__name__)\n"
        f"app.config['SQLALCHEMY_DATABASE_URI'] = {sqlite_project.database.url!r}\n"
        "Migrate(app, SQLAlchemy(app))\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    program = [sys.executable, "-m", "alembic", "-c", str(folder / "alembic.ini")]
    for arguments in (["upgrade", "head"], ["current"]):
        result = subprocess.run(
            [*program, *arguments], cwd=folder.parent, capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stderr
    assert result.stdout == "aaa (head)\n"
    assert "INFO  [alembic.runtime.migration] Context impl SQLiteImpl." in result.stderr


def test_connection_of_the_caller_is_used_and_left_open(project: Project) -> None:
    project.revision("aaa", upgrade=create("one"))
    with project.app.app_context(), project.db.engine.connect() as connection:
        config = project.migrate.get_config()
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "head")
        assert not connection.closed
        connection.rollback()
    assert project.version() == ["aaa"]


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"], indirect=True)
def test_caller_who_opened_a_transaction_decides_about_it(project: Project) -> None:
    project.revision("aaa", upgrade=create("one"))
    with project.app.app_context(), project.db.engine.connect() as connection:
        config = project.migrate.get_config()
        config.attributes["connection"] = connection
        with connection.begin() as transaction:
            # On SQLite, Python's driver begins with the first change of rows only.
            connection.exec_driver_sql("BEGIN" if project.database.engine == "sqlite" else "SELECT 1")
            alembic.command.upgrade(config, "head")
            transaction.rollback()
    assert project.tables() == set()


def test_statement_of_an_engine_event_does_not_swallow_the_run(project: Project) -> None:
    project.revision("aaa", upgrade=create("one"))
    with project.app.app_context():
        engine = project.db.engine

    @event.listens_for(engine, "engine_connect")
    def say_something(connection: Connection) -> None:
        connection.exec_driver_sql("SELECT 1")

    project.flask("db", "upgrade")
    assert project.version() == ["aaa"]


def test_what_alembic_writes_outside_of_revisions_is_kept(project: Project) -> None:
    project.flask("db", "ensure-version")
    assert project.version() == []
    project.revision("aaa")
    project.flask("db", "upgrade")
    project.flask("db", "stamp", "--purge", "base")
    assert project.version() == []


def test_arguments_arrive_with_and_without_a_database(
    make_project: Callable[..., Project], database: Database
) -> None:
    project = make_project(database, arguments={"version_table": "my_versions"})
    project.revision("aaa")
    assert "CREATE TABLE my_versions" in project.flask("db", "upgrade", "--sql").stdout
    project.flask("db", "upgrade")
    assert project.tables() == {"my_versions"}


def test_user_may_have_one_transaction_for_all_revisions(
    make_project: Callable[..., Project], make_database: Callable[[str], Database]
) -> None:
    project = make_project(make_database("sqlite"), arguments={"transaction_per_migration": False})
    project.revision("aaa", upgrade=create("one"))
    project.revision("bbb", "aaa", upgrade="raise ValueError")
    assert project.flask("db", "upgrade", ok=False).exit_code == 1
    assert project.tables() == set()


def test_env_py_that_runs_nothing_is_an_error(sqlite_project: Project) -> None:
    sqlite_project.revision("aaa")
    (sqlite_project.folder / "env.py").write_text("")
    result = sqlite_project.flask("db", "upgrade", ok=False)
    assert "env.py came to its end without running migrations" in result.stderr
    assert result.exit_code == 4


def test_second_thread_is_told_so(sqlite_project: Project) -> None:
    sqlite_project.revision("aaa", upgrade="op.get_context().config.attributes['wait']()")
    entered, leave, errors = threading.Event(), threading.Event(), []

    def wait() -> None:
        entered.set()
        assert leave.wait(20)

    def upgrade_slowly() -> None:
        with sqlite_project.app.app_context():
            schema.upgrade()

    @sqlite_project.migrate.configure  # type: ignore[untyped-decorator]  # Flask-Migrate has no types
    def with_wait(config: Any) -> Any:
        config.attributes["wait"] = wait
        return config

    first = threading.Thread(target=upgrade_slowly)
    first.start()
    try:
        assert entered.wait(20)
        with sqlite_project.app.app_context():
            for command in (
                schema.upgrade,
                lambda: alembic.command.upgrade(sqlite_project.migrate.get_config(), "head"),
            ):
                with pytest.raises(
                    (schema.Busy, CommandError), match="Another thread of this process"
                ) as error:
                    command()
                errors.append(type(error.value).__name__)
    finally:
        leave.set()
        first.join()
    assert errors == ["AnotherThread", "CommandError"]
    assert sqlite_project.version() == ["aaa"]
