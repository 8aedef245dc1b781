"""What Flask sees: `Migrate`, its registration, and the folder it finds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from app import schema
from app.schema import Migrate
from tests.databases.servers import Database
from tests.schema.conftest import Project, create


def new_app(folder: Path, url: str = "sqlite://") -> Flask:
    app = Flask("project", root_path=str(folder))
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    return app


@pytest.mark.parametrize("later", [False, True], ids=["at once", "later"])
def test_registration_has_the_shape_of_flask_migrate(tmp_path: Path, *, later: bool) -> None:
    app, stock_app = new_app(tmp_path), new_app(tmp_path)
    db, stock_db = SQLAlchemy(app), SQLAlchemy(stock_app)
    if later:
        migrate = Migrate(compare_type=False, directory="other", include_schemas=True)
        migrate.init_app(app, db, render_as_batch=False)
        stock = flask_migrate.Migrate(compare_type=False, directory="other", include_schemas=True)
        stock.init_app(stock_app, stock_db, render_as_batch=False)
    else:
        migrate = Migrate(app, db, version_table="v")
        stock = flask_migrate.Migrate(stock_app, stock_db, version_table="v")
    slot, stock_slot = app.extensions["migrate"], stock_app.extensions["migrate"]
    assert isinstance(migrate, flask_migrate.Migrate)
    assert (slot.migrate, slot.db, slot.metadata) == (migrate, db, db.metadata)
    assert (slot.directory, slot.configure_args) == (stock_slot.directory, stock_slot.configure_args)


def test_config_is_that_of_flask_migrate(sqlite_project: Project) -> None:
    with sqlite_project.app.app_context():
        config = sqlite_project.migrate.get_config(x_arg=["a=1", "b"], opts=["autogenerate"])
    assert isinstance(config, flask_migrate.Config)
    assert config.get_main_option("script_location") == str(sqlite_project.folder)
    assert config.config_file_name == str(sqlite_project.folder / "alembic.ini")
    assert config.cmd_opts.x == ["a=1", "b"]
    assert config.cmd_opts.autogenerate is True


def test_x_arguments_of_group_and_command_arrive_once(sqlite_project: Project) -> None:
    (sqlite_project.folder / "env.py").write_text(
        "from alembic import context\nprint(context.get_x_argument())\n"
        "raise ValueError(context.get_x_argument(as_dictionary=True))"
    )
    result = sqlite_project.flask("db", "-x", "a=1", "upgrade", "-x", "b=2", ok=False)
    assert result.stdout == "['a=1', 'b=2']\n"


def test_callbacks_change_the_configuration(sqlite_project: Project) -> None:
    @sqlite_project.migrate.configure  # type: ignore[untyped-decorator]  # Flask-Migrate has no types
    def own_names(config: Any) -> Any:
        config.set_main_option("file_template", "%%(rev)s")
        return config

    with sqlite_project.app.app_context():
        path = schema.revision(message="Something", rev_id="abc")
    assert path == sqlite_project.folder / "versions" / "abc.py"


def test_callback_that_returns_nothing_is_named(sqlite_project: Project) -> None:
    @sqlite_project.migrate.configure  # type: ignore[untyped-decorator]  # Flask-Migrate has no types
    def forgets(_config: Any) -> None: ...

    result = sqlite_project.flask("db", "heads", ok=False)
    assert result.exit_code == 2
    assert "forgets', registered with `Migrate.configure`, returned nothing" in result.stderr


def test_two_histories_of_one_application_keep_apart(
    tmp_path: Path, make_database: Callable[[str], Database]
) -> None:
    project = Project(make_database("sqlite"), tmp_path / "migrations")
    reports = Migrate(
        project.app,
        project.db,
        directory=str(tmp_path / "reports"),
        command="reports",
        version_table="reports_version",
    )
    project.flask("db", "init")
    project.flask("reports", "init")
    project.revision("aaa", upgrade=create("one"))
    project.folder = tmp_path / "reports"
    project.revision("bbb", upgrade=create("two"))
    project.flask("db", "upgrade")
    project.flask("reports", "upgrade")
    assert project.version() == ["aaa"]
    assert project.rows("SELECT version_num FROM reports_version") == [("bbb",)]
    with project.app.app_context():
        assert reports.target().directory == str(tmp_path / "reports")


def test_one_migrate_serves_several_applications(tmp_path: Path) -> None:
    db, migrate = SQLAlchemy(), Migrate()
    apps = [new_app(tmp_path), new_app(tmp_path)]
    for number, app in enumerate(apps):
        db.init_app(app)
        migrate.init_app(app, db, directory=f"folder{number}")
    for number, app in enumerate(apps):
        with app.app_context():
            assert migrate.target().wanted == f"folder{number}"


@pytest.fixture
def by_relative_path(tmp_path: Path, make_database: Callable[[str], Database]) -> Path:
    """A project on disk, `main.py` beside a package, whose folder is given as `migrations`."""
    url = make_database("sqlite").url
    (tmp_path / "package").mkdir()
    (tmp_path / "elsewhere").mkdir()
    for name in ("main.py", "package/__init__.py"):
        (tmp_path / name).write_text(
            "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\nfrom app.schema import Migrate\n"
            f"app = Flask(__name__)\napp.config['SQLALCHEMY_DATABASE_URI'] = {url!r}\n"
            "Migrate(app, SQLAlchemy(app))\n"
        )
    project = Project(Database("sqlite", url), tmp_path / "migrations")
    project.flask("db", "init")
    project.revision("aaa", upgrade=create("one"))
    return tmp_path


@pytest.mark.parametrize("module", ["main", "package"])
@pytest.mark.parametrize("place", [".", "package", "elsewhere", "/"])
def test_folder_is_found_from_any_current_folder(
    by_relative_path: Path, module: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(by_relative_path))
    monkeypatch.chdir(by_relative_path / place)
    for name in ("main", "package"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    app: Flask = __import__(module).app
    for name in ("main", "package"):
        sys.modules.pop(name, None)
    result = app.test_cli_runner().invoke(args=["db", "heads"])
    assert result.stdout == "aaa (head)\n", result.output


def test_folder_that_is_nowhere_is_an_error_that_names_the_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    app = new_app(tmp_path)
    Migrate(app, SQLAlchemy(app))
    result = app.test_cli_runner().invoke(args=["db", "heads"])
    assert result.exit_code == 2
    assert "'migrations'" in result.stderr
    assert f"'{tmp_path / 'migrations'}'" in result.stderr
    assert "flask db init" in result.stderr


def test_percent_sign_in_the_folder_is_taken_as_it_is(
    tmp_path: Path, make_database: Callable[[str], Database]
) -> None:
    project = Project(make_database("sqlite"), tmp_path / "100%" / "migrations")
    project.flask("db", "init")
    project.revision("aaa")
    project.flask("db", "upgrade")
    assert project.version() == ["aaa"]
