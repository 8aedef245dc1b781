"""The commands as functions: silent, with results, and with errors of their own types."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column

from app import schema
from tests.schema.conftest import Project, create


@pytest.fixture
def branched(project: Project) -> Project:
    """A project whose history divides after its first revision."""
    project.revision("aaa", upgrade=create("one"), downgrade='op.drop_table("one")')
    project.revision("bbb", "aaa", upgrade=create("two"), downgrade='op.drop_table("two")')
    project.revision("ccc", "aaa", upgrade=create("three"), downgrade='op.drop_table("three")')
    return project


def test_functions_return_what_there_is_to_know(branched: Project, capfd: pytest.CaptureFixture[str]) -> None:
    capfd.readouterr()
    with branched.app.app_context():
        assert set(schema.heads()) == {"bbb", "ccc"}
        assert schema.branches() == (("aaa", ("bbb", "ccc")),)
        assert {script.revision for script in schema.history()} == {"aaa", "bbb", "ccc"}
        assert schema.current() == ()
        assert schema.upgrade(revision="bbb") == ("aaa", "bbb")
        assert schema.upgrade(revision="bbb") == ()
        assert schema.upgrade(revision="heads") == ("ccc",)
        assert set(schema.current(check_heads=True)) == {"bbb", "ccc"}
        assert [script.revision for script in schema.show(revision="aaa")] == ["aaa"]
        assert schema.stamp(revision="base") == ()
        assert schema.stamp(revision=["bbb", "ccc"]) == ("bbb", "ccc")
        assert set(schema.downgrade(revision="base")) == {"aaa", "bbb", "ccc"}
        with pytest.raises(schema.SchemaError, match="one: table one is missing"):
            schema.stamp(revision=["bbb", "ccc"])
        assert schema.stamp(revision=["bbb", "ccc"], force=True) == ("bbb", "ccc")
        merged = schema.merge(message="Join")
        assert merged is not None
        assert merged.name.endswith("_join.py")
        assert schema.merge() is None
    assert capfd.readouterr() == ("", "")


def test_new_revisions_are_returned(project: Project) -> None:
    class Note(project.db.Model):  # type: ignore[name-defined]  # Flask-SQLAlchemy makes the class
        id: Mapped[int] = mapped_column(primary_key=True)

    with project.app.app_context():
        with pytest.raises(schema.SchemaError):
            schema.check()
        path = schema.migrate(message="Create note")
        assert path is not None
        assert path.parent == project.folder / "versions"
        assert len(schema.upgrade()) == 1
        schema.check()
        assert schema.migrate() is None
        empty = schema.revision(message="By hand")
        assert empty is not None
        assert "pass" in empty.read_text()


def test_failure_has_a_type_and_where_the_database_stands(branched: Project) -> None:
    branched.revision("ddd", "bbb", upgrade="1 / 0")
    with branched.app.app_context(), pytest.raises(schema.SchemaError, match="division by zero") as error:
        schema.upgrade(revision="ddd")
    assert isinstance(error.value.__cause__, ZeroDivisionError)
    assert error.value.__notes__ == ["The database stands at revision 'bbb'; 2 of 3 revisions ran."]


def test_logging_of_the_application_stays_as_it_is(
    branched: Project, caplog: pytest.LogCaptureFixture
) -> None:
    own = logging.getLogger("tests.of.the.application")
    root = logging.getLogger()
    before = (root.level, list(root.handlers), own.disabled)
    seen = []

    def look(*_: object) -> None:
        seen.append((root.level, list(root.handlers), own.disabled))

    with branched.app.app_context():
        event.listen(branched.db.engine, "begin", look)
        with caplog.at_level(logging.INFO, "alembic"):
            schema.upgrade(revision="bbb")
    assert set(map(str, seen)) == {str(before)}
    assert (root.level, list(root.handlers), own.disabled) == before
    assert "Running upgrade aaa -> bbb" in caplog.text


def test_init_returns_the_folder(tmp_path: Path, sqlite_project: Project) -> None:
    with sqlite_project.app.app_context():
        assert schema.init(tmp_path / "other", package=True) == tmp_path / "other"
        assert (tmp_path / "other" / "versions" / "__init__.py").is_file()
        with pytest.raises(schema.SchemaError, match="already exists and is not empty"):
            schema.init(tmp_path / "other")
        assert "flask-multidb" in schema.list_templates()


def test_application_without_migrate_is_named(tmp_path: Path) -> None:
    app = Flask("lonely", root_path=str(tmp_path))
    with app.app_context(), pytest.raises(schema.UsageProblem, match="'lonely' has no `Migrate`"):
        schema.upgrade()


def test_heads_of_code_follow_the_files_without_running_them(sqlite_project: Project) -> None:
    app = sqlite_project.app
    assert schema.heads_of_code(app) == ()
    sqlite_project.revision("aaa").write_text(
        "revision = 'aaa'\ndown_revision = None\nraise RuntimeError('was run')\n"
    )
    assert schema.heads_of_code(app) == ("aaa",)
    sqlite_project.revision("bbb", "aaa")
    assert schema.heads_of_code(app) == ("bbb",)


def test_heads_of_code_run_files_that_compute_their_id(sqlite_project: Project) -> None:
    sqlite_project.revision("aaa").write_text("revision = 'a' * 3\ndown_revision = None\n")
    assert schema.heads_of_code(sqlite_project.app) == ("aaa",)


def test_revisions_of_database_is_one_query(project: Project) -> None:
    project.revision("aaa")
    statements: list[str] = []
    with project.app.app_context(), project.db.engine.connect() as connection:
        assert schema.revisions_of_database(connection) == ()
        schema.upgrade()
        connection.rollback()
        event.listen(connection, "before_cursor_execute", lambda *args: statements.append(args[2]))
        assert schema.revisions_of_database(connection) == ("aaa",)
    assert len(statements) == 1
