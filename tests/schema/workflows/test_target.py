"""Databases of objects other than today's Flask-SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Engine, Integer, MetaData, Table, create_engine, inspect

from app import schema
from app.schema import Migrate
from app.schema.core.own_tables import OWN_TABLES
from tests.schema.conftest import Project


class OldDatabase:
    """What `Migrate` needs of Flask-SQLAlchemy 2 and of Alchemical: one metadata, engines by a method."""

    def __init__(self, urls: dict[str | None, str]) -> None:
        self.metadata = MetaData()
        Table("here", self.metadata, Column("id", Integer, primary_key=True))
        Table("there", self.metadata, Column("id", Integer, primary_key=True), info={"bind_key": "other"})
        self.made: dict[str | None, Engine] = {key: create_engine(url) for key, url in urls.items()}

    def bind_names(self) -> list[str]:
        return [key for key in self.made if key]

    def get_engine(self, bind: str | None = None) -> Engine:
        return self.made[bind]


@pytest.fixture
def old_database(tmp_path: Path) -> Iterator[OldDatabase]:
    database = OldDatabase({None: f"sqlite:///{tmp_path}/a.db", "other": f"sqlite:///{tmp_path}/b.db"})
    yield database
    for engine in database.made.values():
        engine.dispose()


def test_object_with_engines_by_a_method_is_served(old_database: OldDatabase, tmp_path: Path) -> None:
    app = Flask("old", root_path=str(tmp_path))
    Migrate(app, old_database, directory=str(tmp_path / "migrations"))
    with app.app_context():
        schema.init(multidb=True)
        assert schema.migrate() is not None
        schema.upgrade()
        schema.check()
    tables = {
        key: set(inspect(engine).get_table_names()) - OWN_TABLES for key, engine in old_database.made.items()
    }
    assert tables == {None: {"alembic_version", "here"}, "other": {"alembic_version", "there"}}


def test_bind_without_a_database_is_named(sqlite_project: Project) -> None:
    env: Any = sqlite_project.folder / "env.py"
    env.write_text(
        env.read_text().replace("run_environment(context)", "run_environment(context, multidb=True)")
    )
    sqlite_project.revision("aaa", arguments="engine_name")
    sqlite_project.app.config["SQLALCHEMY_BINDS"] = {"late": "sqlite://"}
    result = sqlite_project.flask("db", "upgrade", ok=False)
    assert result.exit_code == 2
    assert "There is no database for the bind 'late'." in result.stderr


def test_migrate_without_a_database_object_is_explained(tmp_path: Path) -> None:
    app = Flask("without", root_path=str(tmp_path))
    Migrate().init_app(app, directory=str(tmp_path / "migrations"))
    with app.app_context():
        schema.init()
        with pytest.raises(schema.UsageProblem, match=r"migrate\.init_app\(app, db\)"):
            schema.upgrade()
