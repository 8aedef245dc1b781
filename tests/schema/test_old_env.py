"""An env.py that an older Flask-Migrate wrote keeps working, and gets what protection it can."""

from __future__ import annotations

import logging
from collections.abc import Callable

import flask_migrate
import pytest
from sqlalchemy.orm import Mapped, mapped_column

from app import schema
from tests.databases.servers import Database
from tests.schema import old_env
from tests.schema.conftest import Project, create


@pytest.fixture(params=old_env.SINGLE)
def old_project(request: pytest.FixtureRequest, project: Project) -> Project:
    """A project on each engine with each of the old shapes."""
    (project.folder / "env.py").write_text(old_env.SINGLE[request.param])
    return project


def test_every_command_that_connects_works(old_project: Project) -> None:
    old_project.revision("aaa", upgrade=create("one"), downgrade='op.drop_table("one")')
    old_project.revision("bbb", "aaa", upgrade=create("two"), downgrade='op.drop_table("two")')
    old_project.flask("db", "upgrade")
    assert old_project.flask("db", "current", "--check-heads").stdout == "bbb (head)\n"
    old_project.flask("db", "stamp", "base")
    old_project.flask("db", "stamp", "head")
    assert old_project.version() == ["bbb"]
    old_project.flask("db", "downgrade")
    assert old_project.version() == ["aaa"]
    assert "table two is missing: (id)" in old_project.flask("db", "stamp", "head", ok=False).stderr
    assert old_project.version() == ["aaa"]
    assert "CREATE TABLE" in old_project.flask("db", "upgrade", "--sql").stdout


def test_each_revision_has_its_own_transaction(old_project: Project) -> None:
    old_project.revision("aaa", upgrade=create("one"))
    old_project.revision("bbb", "aaa", upgrade="raise ValueError")
    assert old_project.flask("db", "upgrade", ok=False).exit_code == 1
    assert old_project.version() == ["aaa"]


def test_application_logs_as_before(old_project: Project) -> None:
    own = logging.getLogger("project.of.the.application")
    own.setLevel(logging.DEBUG)
    old_project.revision("aaa")
    with old_project.app.app_context():
        assert schema.upgrade() == ("aaa",)
    assert (own.disabled, own.level) == (False, logging.DEBUG)
    own.setLevel(logging.NOTSET)


def test_one_command_leaves_nothing_to_the_next(old_project: Project) -> None:
    class Note(old_project.db.Model):  # type: ignore[name-defined]  # Flask-SQLAlchemy makes the class
        id: Mapped[int] = mapped_column(primary_key=True)

    with old_project.app.app_context():
        assert schema.migrate(message="Create note") is not None
        assert len(schema.upgrade()) == 1
        assert schema.migrate() is None
        schema.check()
        assert "process_revision_directives" not in old_project.app.extensions["migrate"].configure_args


def test_several_binds_in_the_old_way(
    make_project: Callable[..., Project], make_database: Callable[[str], Database], engine_name: str
) -> None:
    database, other = make_database(engine_name), make_database(engine_name)
    project = make_project(database, init=("--multidb",), SQLALCHEMY_BINDS={"other": other.url})
    (project.folder / "env.py").write_text(old_env.MULTIDB)
    body = f"{create('one')} if engine_name else {create('two')}"
    project.revision("aaa", upgrade=body, arguments="engine_name")
    project.flask("db", "upgrade")
    assert project.tables() >= {"two"}
    assert project.tables(other) >= {"one"}
    assert project.version(other) == ["aaa"]


@pytest.mark.leaks(
    "logging", reason="env.py calls fileConfig, and nothing of ours runs around flask_migrate.upgrade"
)
@pytest.mark.filterwarnings("ignore:'get_engine' is deprecated")
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("statement", "kept"),
    [
        ("pass", True),
        ("connection.exec_driver_sql('SELECT 1')", False),
        ("connection.execution_options(isolation_level='AUTOCOMMIT').exec_driver_sql('SELECT 1')", True),
    ],
)
def test_function_of_flask_migrate_fails_if_nothing_was_kept(
    old_project: Project, statement: str, kept: bool
) -> None:
    old_project.revision("aaa")
    env = old_project.folder / "env.py"
    env.write_text(env.read_text().replace("# connected", statement))
    with old_project.app.app_context():
        if kept:
            flask_migrate.upgrade()
        else:
            with pytest.raises(SystemExit, match="1"):
                flask_migrate.upgrade()
    assert ("alembic_version" in old_project.tables() and old_project.version() == ["aaa"]) is kept
