"""A small project with `Migrate`, for tests that need revisions of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import NullPool, create_engine, inspect

from app.schema import Migrate
from app.schema.core.own_tables import OWN_TABLES
from tests.databases.servers import Database

REVISION = '''"""{message}"""
from alembic import op
import sqlalchemy as sa

revision = {id!r}
down_revision = {parent!r}


def upgrade({arguments}):
    {upgrade}


def downgrade({arguments}):
    {downgrade}
'''


class Project:
    """An application, its `SQLAlchemy` object, and a migrations folder.

    :param database: what the application uses.
    :param folder: where the migrations go.
    :param make_migrate: makes the `Migrate` object; ours by default.
    :param arguments: further arguments of `Migrate`.
    :param settings: settings of the application.
    """

    def __init__(
        self,
        database: Database,
        folder: Path,
        make_migrate: Any = Migrate,
        arguments: dict[str, Any] | None = None,
        **settings: Any,
    ) -> None:
        self.database = database
        self.folder = folder
        self.app = Flask("project", root_path=str(folder.parent))
        self.app.config.update(SQLALCHEMY_DATABASE_URI=database.url, **settings)
        self.db = SQLAlchemy(self.app)
        self.migrate = make_migrate(self.app, self.db, directory=str(folder), **(arguments or {}))

    def flask(self, *arguments: str, ok: bool = True) -> Result:
        """Run `flask …`, and hold it to success unless `ok` is false."""
        result = self.app.test_cli_runner().invoke(args=list(arguments))
        if ok:
            assert result.exit_code == 0, result.output
        return result

    def revision(
        self,
        revision_id: str,
        parent: Any = None,
        *,
        upgrade: str = "pass",
        downgrade: str = "pass",
        arguments: str = "",
        message: str = "",
    ) -> Path:
        """Write a revision file by hand."""
        path = self.folder / "versions" / f"{revision_id}_.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        text = REVISION.format(
            message=message or revision_id,
            id=revision_id,
            parent=parent,
            upgrade=upgrade,
            downgrade=downgrade,
            arguments=arguments,
        )
        path.write_text(text)
        return path

    def tables(self, database: Database | None = None) -> set[str]:
        """Return the names of the tables that exist, without those that the schema engine keeps for itself."""
        engine = create_engine((database or self.database).url, poolclass=NullPool)
        return set(inspect(engine).get_table_names()) - OWN_TABLES

    def version(self, database: Database | None = None) -> list[str]:
        """Return what the version table says."""
        return [row[0] for row in self.rows("SELECT version_num FROM alembic_version", database)]

    def rows(self, sql: str, database: Database | None = None) -> list[Any]:
        """Run a query on a connection of its own."""
        engine = create_engine((database or self.database).url, poolclass=NullPool)
        with engine.begin() as connection:
            result = connection.execute(sa.text(sql))
            return [tuple(row) for row in result] if result.returns_rows else []


def create(table: str) -> str:
    """Return the line of a revision that creates a table with one column."""
    return f'op.create_table("{table}", sa.Column("id", sa.Integer(), primary_key=True))'


@pytest.fixture
def make_project(tmp_path: Path) -> Callable[..., Project]:
    """Return a function from database and settings to a project whose folder `flask db init` has written."""

    def make(database: Database, *, init: tuple[str, ...] | None = (), **settings: Any) -> Project:
        project = Project(database, tmp_path / "migrations", **settings)
        if init is not None:
            project.flask("db", "init", *init)
        return project

    return make


@pytest.fixture
def project(make_project: Callable[..., Project], database: Database) -> Project:
    """A project without revisions, on an empty database of each engine."""
    return make_project(database)


@pytest.fixture
def sqlite_project(make_project: Callable[..., Project], make_database: Callable[[str], Database]) -> Project:
    """A project without revisions, for what is the same on every engine."""
    return make_project(make_database("sqlite"))
