"""Several databases behind one history."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Mapped, mapped_column

from app import schema
from tests.databases.servers import Database
from tests.schema.conftest import Project, create


@pytest.fixture
def other(make_database: Callable[[str], Database], engine_name: str) -> Database:
    """The database of the bind 'other'."""
    return make_database(engine_name)


@pytest.fixture
def project(make_project: Callable[..., Project], database: Database, other: Database) -> Project:
    """A project with a default database and the bind 'other'."""
    return make_project(database, init=("--multidb",), SQLALCHEMY_BINDS={"other": other.url})


def in_bind(name: str, line: str) -> str:
    """Return the line of a revision that does something in one bind only."""
    return f"engine_name == {name!r} and {line}"


def test_each_bind_gets_what_its_models_say(project: Project, other: Database) -> None:
    class Here(project.db.Model):  # type: ignore[name-defined]  # Flask-SQLAlchemy makes the class
        id: Mapped[int] = mapped_column(primary_key=True)

    class There(project.db.Model):  # type: ignore[name-defined]
        __bind_key__ = "other"
        id: Mapped[int] = mapped_column(primary_key=True)

    result = project.flask("db", "migrate", "-m", "Create both")
    assert "Migrating database other" in result.stderr
    project.flask("db", "upgrade")
    assert project.tables() == {"alembic_version", "here"}
    assert project.tables(other) == {"alembic_version", "there"}
    project.flask("db", "check")
    assert "No changes in schema detected." in project.flask("db", "migrate").stderr
    project.flask("db", "downgrade")
    assert project.tables(other) == {"alembic_version"}


def test_change_in_one_bind_only_is_a_change(project: Project, other: Database) -> None:
    class There(project.db.Model):  # type: ignore[name-defined]
        __bind_key__ = "other"
        id: Mapped[int] = mapped_column(primary_key=True)

    with project.app.app_context():
        assert schema.migrate() is not None
        assert len(schema.upgrade()) == 1
        assert schema.migrate() is None


def test_bind_that_is_added_later_is_not_touched_by_older_revisions(
    make_project: Callable[..., Project], database: Database, other: Database
) -> None:
    before = make_project(database, init=("--multidb",), SQLALCHEMY_BINDS={})
    before.flask("db", "revision", "-m", "Before")
    # As the template of Flask-Migrate dispatches: a bind that it does not know is a KeyError.
    before.revision(
        "old",
        before.flask("db", "heads").stdout.split()[0],
        arguments="engine_name",
        upgrade='globals()["upgrade_%s" % engine_name]()\n\n\ndef upgrade_():\n    ' + create("here"),
        downgrade='globals()["downgrade_%s" % engine_name]()\n\n\ndef downgrade_():\n    op.drop_table("here")',
    )
    after = Project(database, before.folder, SQLALCHEMY_BINDS={"other": other.url})
    after.flask("db", "upgrade")
    assert after.version(other) == after.version() == ["old"]
    assert "here" in after.tables()
    assert "here" not in after.tables(other)
    after.flask("db", "downgrade", "base")
    assert after.version(other) == after.version() == []


def test_binds_on_one_database_do_not_wait_for_each_other(
    make_project: Callable[..., Project], database: Database
) -> None:
    project = make_project(
        database,
        init=("--multidb",),
        arguments={"version_table": "versions_of_all"},
        SQLALCHEMY_BINDS={"same": database.url},
    )
    project.revision("aaa", arguments="engine_name", upgrade=in_bind("", create("one")))
    project.flask("db", "upgrade")
    assert project.rows("SELECT version_num FROM versions_of_all") == [("aaa",)]


def test_failure_says_where_each_bind_stands(project: Project, other: Database) -> None:
    project.revision("aaa", arguments="engine_name", upgrade=create("one"))
    project.revision("bbb", "aaa", arguments="engine_name", upgrade=in_bind("other", "1 / 0"))
    result = project.flask("db", "upgrade", ok=False)
    assert result.exit_code == 1
    assert "The database stands at revision 'bbb'; 2 of 2 revisions ran." in result.stderr
    assert "The bind 'other' stands at revision 'aaa'; 1 of 2 revisions ran." in result.stderr
    assert (project.version(), project.version(other)) == (["bbb"], ["aaa"])
    with project.app.app_context():
        assert schema.current() == ("bbb", "aaa")


def test_sql_goes_to_one_file_for_each_bind(
    project: Project, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.revision("aaa", arguments="engine_name", upgrade=in_bind("other", create("one")))
    folder = tmp_path_factory.mktemp("sql")
    monkeypatch.chdir(folder)
    project.flask("db", "upgrade", "--sql")
    assert "CREATE TABLE one" in (folder / "other.sql").read_text()
    assert "CREATE TABLE one" not in (folder / ".sql").read_text()
