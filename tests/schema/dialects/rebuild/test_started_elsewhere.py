"""Nothing is lost either where something else than `flask db` starts the run, or env.py is somebody else's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import alembic.command
import flask_migrate
import pytest
from alembic.util import CommandError
from sqlalchemy import NullPool, create_engine, event

from tests.checkout import ROOT
from tests.schema import old_env
from tests.schema.conftest import Project

from .helpers import WIDER, block, executes, master

STATEMENTS = [
    "CREATE TABLE item (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(20) COLLATE NOCASE, CHECK (id < 99))",
    "CREATE TABLE child (item_id INTEGER REFERENCES item (id) ON DELETE CASCADE)",
    "CREATE INDEX ix ON item (lower(name))",
    "CREATE TRIGGER tr AFTER INSERT ON item BEGIN DELETE FROM child WHERE item_id = NEW.id; END",
    "CREATE VIEW v AS SELECT name FROM item",
    "INSERT INTO item VALUES (7, 'Ann')",
    "INSERT INTO child VALUES (7)",
]


@pytest.fixture
def project(sqlite_project: Project) -> Project:
    """A project whose application enforces foreign keys, with a revision that rebuilds a table."""
    with sqlite_project.app.app_context():
        event.listen(
            sqlite_project.db.engine, "connect", lambda driver, _: driver.execute("PRAGMA foreign_keys = ON")
        )
    sqlite_project.revision("aaa", upgrade=executes(*STATEMENTS))
    sqlite_project.flask("db", "upgrade")
    sqlite_project.revision("bbb", "aaa", upgrade=block(WIDER))
    return sqlite_project


@pytest.fixture
def expect_everything(project: Project) -> Callable[[], None]:
    """Return a function that holds the database to what it was, with a wider column."""
    before = master(project)

    def expect() -> None:
        assert project.version() == ["bbb"]
        after = master(project)
        assert after.pop("item") == before.pop("item").replace("20", "60")
        assert after == before
        assert project.rows("SELECT * FROM child") == [(7,)]
        assert project.rows("SELECT * FROM item WHERE name = 'ann'") == [(7, "Ann")]

    return expect


def test_function_of_flask_migrate(project: Project, expect_everything: Callable[[], None]) -> None:
    with project.app.app_context():
        flask_migrate.upgrade()
    expect_everything()


def test_command_of_alembic_on_a_connection_of_the_caller(
    project: Project, expect_everything: Callable[[], None]
) -> None:
    engine = create_engine(project.database.url, poolclass=NullPool)
    with project.app.app_context(), engine.begin() as connection:
        config = project.migrate.get_config()
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "head")
    expect_everything()


def test_transaction_of_the_caller_in_which_rows_would_be_lost_is_refused(project: Project) -> None:
    with project.app.app_context(), project.db.engine.begin() as connection:
        connection.exec_driver_sql("BEGIN")
        config = project.migrate.get_config()
        config.attributes["connection"] = connection
        with pytest.raises(CommandError, match="1 row of child would feel it when item is rebuilt"):
            alembic.command.upgrade(config, "head")
    assert project.version() == ["aaa"]
    assert project.rows("SELECT * FROM child") == [(7,)]
    assert "_alembic_tmp_item" not in project.tables()


def test_program_alembic(
    project: Project, expect_everything: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project.folder
    (folder.parent / "wsgi.py").write_text(
        "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\nfrom app.schema import Migrate\n"
        "app = Flask(__name__)\n"
        f"app.config['SQLALCHEMY_DATABASE_URI'] = {project.database.url!r}\n"
        "Migrate(app, SQLAlchemy(app))\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    program = [sys.executable, "-m", "alembic", "-c", str(folder / "alembic.ini"), "upgrade", "head"]
    result = subprocess.run(program, cwd=folder.parent, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    expect_everything()


@pytest.mark.parametrize("env", ["DATABASE_URI", "GET_ENGINE", "WRITES_BACK"])
def test_env_of_flask_migrate(project: Project, expect_everything: Callable[[], None], env: str) -> None:
    (project.folder / "env.py").write_text(getattr(old_env, env))
    project.flask("db", "upgrade")
    expect_everything()


def test_rebuild_in_an_autocommit_block_is_done_or_not_done(
    project: Project, expect_everything: Callable[[], None]
) -> None:
    failing = block(WIDER, 'batch.alter_column("name", nullable=False)').replace("\n", "\n    ")
    inside = "with op.get_context().autocommit_block():\n        "
    project.rows("INSERT INTO item VALUES (8, NULL)")
    before = master(project)
    project.revision("bbb", "aaa", upgrade=inside + failing)
    assert project.flask("db", "upgrade", ok=False).exit_code == 1
    assert master(project) == before
    project.rows("DELETE FROM item WHERE id = 8")
    project.revision("bbb", "aaa", upgrade=inside + block(WIDER).replace("\n", "\n    "))
    project.flask("db", "upgrade")
    expect_everything()


@pytest.mark.parametrize("env", ["DATABASE_URI", "GET_ENGINE", "WRITES_BACK"])
def test_revision_that_fails_under_an_env_of_flask_migrate_leaves_nothing(project: Project, env: str) -> None:
    (project.folder / "env.py").write_text(getattr(old_env, env))
    before = master(project)
    project.revision(
        "bbb", "aaa", upgrade=f"{block(WIDER)}\n    op.drop_table('child')\n    raise ValueError"
    )
    assert project.flask("db", "upgrade", ok=False).exit_code == 1
    assert master(project) == before
    assert project.version() == ["aaa"]
