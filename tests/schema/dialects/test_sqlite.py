from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event

from app import sqlite
from app.schema import dialects
from tests.databases.servers import Database
from tests.schema.conftest import Project, create


@pytest.fixture(params=["plain", "with the application's own listener"])
def project(request: pytest.FixtureRequest, sqlite_project: Project) -> Project:
    """A project whose engine is as Python's driver makes it, and one that begins transactions itself."""
    if request.param != "plain":
        sqlite.init_app(sqlite_project.app, sqlite_project.db)
    return sqlite_project


def test_failed_revision_leaves_nothing_behind(project: Project) -> None:
    project.revision("aaa", upgrade=f"{create('one')}\n    {create('two')}\n    raise ValueError")
    assert project.flask("db", "upgrade", ok=False).exit_code == 1
    assert project.tables() == {"alembic_version"}
    assert project.version() == []
    assert "Will assume transactional DDL." in project.flask("db", "current").stderr


def test_failed_rebuild_leaves_the_table_as_it_was(project: Project) -> None:
    project.revision("aaa", upgrade=create("one") + "\n    op.execute('INSERT INTO one VALUES (1)')")
    rebuild = (
        "with op.batch_alter_table('one', recreate='always') as batch:\n"
        "        batch.add_column(sa.Column('name', sa.String(5)))\n"
        "    raise ValueError"
    )
    project.revision("bbb", "aaa", upgrade=rebuild)
    assert project.flask("db", "upgrade", ok=False).exit_code == 1
    assert project.tables() == {"alembic_version", "one"}
    assert project.rows("SELECT * FROM one") == [(1,)]


FAMILY = """op.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY, name VARCHAR(5))")
    op.execute("CREATE TABLE child (parent_id INTEGER REFERENCES parent (id) ON DELETE CASCADE)")
    op.execute("INSERT INTO parent VALUES (1, 'a')")
    op.execute("INSERT INTO child VALUES (1)")"""


def test_rebuild_of_a_table_keeps_the_rows_that_refer_to_it(project: Project) -> None:
    with project.app.app_context():
        event.listen(
            project.db.engine, "connect", lambda driver, _: driver.execute("PRAGMA foreign_keys = ON")
        )
    project.revision("aaa", upgrade=FAMILY)
    rebuild = (
        "with op.batch_alter_table('parent', recreate='always') as batch:\n"
        "        batch.alter_column('name', type_=sa.String(60))"
    )
    project.revision("bbb", "aaa", upgrade=rebuild)
    project.flask("db", "upgrade")
    assert project.rows("SELECT * FROM child") == [(1,)]
    with project.app.app_context(), project.db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_revision_may_not_leave_rows_that_refer_to_nothing(project: Project) -> None:
    with project.app.app_context():
        event.listen(
            project.db.engine, "connect", lambda driver, _: driver.execute("PRAGMA foreign_keys = ON")
        )
    project.revision("aaa", upgrade=FAMILY)
    project.revision("bbb", "aaa", upgrade="op.execute('DELETE FROM parent')")
    result = project.flask("db", "upgrade", ok=False)
    assert result.exit_code == 1
    assert "rows would refer to rows that do not exist: child → parent" in result.stderr
    assert project.version() == ["aaa"]
    assert project.rows("SELECT * FROM parent") == [(1, "a")]


def test_rows_that_referred_to_nothing_before_do_not_stop_a_revision(project: Project) -> None:
    with project.app.app_context():
        event.listen(
            project.db.engine, "connect", lambda driver, _: driver.execute("PRAGMA foreign_keys = ON")
        )
    project.rows("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    project.rows("CREATE TABLE child (parent_id INTEGER REFERENCES parent (id))")
    project.rows("INSERT INTO child VALUES (1)")
    project.revision("aaa", upgrade=create("one"))
    project.flask("db", "upgrade")
    assert project.version() == ["aaa"]


def test_autocommit_block_is_outside_of_the_transaction(project: Project) -> None:
    project.revision(
        "aaa",
        upgrade=f"{create('one')}\n    with op.get_context().autocommit_block():\n"
        f"        op.execute('VACUUM')\n    {create('two')}\n    raise ValueError",
    )
    assert project.flask("db", "upgrade", ok=False).exit_code == 1
    assert project.tables() == {"alembic_version", "one"}


def test_database_in_memory_keeps_what_was_done(make_project: Callable[..., Project]) -> None:
    project = make_project(Database("sqlite", "sqlite://"))
    project.revision("aaa", upgrade=create("one"))
    project.flask("db", "upgrade")
    assert project.flask("db", "current").stdout == "aaa (head)\n"


def test_engine_without_a_file_gets_the_cautious_answers() -> None:
    for name in ("oracle", "base", "no-such", "../core"):
        assert type(dialects.for_name(name)) is dialects.Dialect


def test_history_of_the_application_runs_on_its_own_engine(
    make_app: Callable[..., Flask], make_database: Callable[[str], Database]
) -> None:
    app = make_app(make_database("sqlite"))
    assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
