from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, UserDefinedType

from app.schema import Migrate
from tests.databases.servers import Database
from tests.schema.conftest import Project


class Shout(TypeDecorator[str]):
    impl = sa.String
    cache_ok = True


class Whisper(TypeDecorator[str]):
    impl = Shout(30)
    cache_ok = True


class Tags(TypeDecorator[Any]):
    """A type that is another one on each engine."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        kind = postgresql.JSONB() if dialect.name == "postgresql" else sa.JSON()
        return dialect.type_descriptor(kind)


class Amount(UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "NUMERIC(10, 2)"


def written(make_project: Callable[..., Project], database: Database, kind: Any, **settings: Any) -> str:
    """The revision that creates a table with a column of this type; it was run up and down."""
    project = make_project(database, **settings)
    sa.Table(
        "thing", project.db.metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("it", kind)
    )
    project.flask("db", "migrate", "-m", "thing")
    project.flask("db", "upgrade")
    project.flask("db", "downgrade")
    (file,) = Path(project.folder, "versions").glob("*.py")
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kind", "source"),
    [(Shout(40), "sa.String(length=40)"), (Whisper(), "sa.String(length=30)"), (sa.Date(), "sa.Date()")],
    ids=["decorated", "decorated twice", "of SQLAlchemy"],
)
def test_decorated_type_is_written_as_what_the_database_holds(
    make_project: Callable[..., Project], database: Database, kind: Any, source: str
) -> None:
    text = written(make_project, database, kind)
    assert f"sa.Column('it', {source}, nullable=True)" in text
    assert __name__ not in text


def test_decorated_type_that_differs_between_engines_is_written_for_this_one(
    make_project: Callable[..., Project], database: Database
) -> None:
    kind = "postgresql.JSONB(astext_type=sa.Text())" if database.engine == "postgresql" else "sa.JSON()"
    assert f"sa.Column('it', {kind}, nullable=True)" in written(make_project, database, Tags())


def test_type_without_a_substitute_brings_its_import(
    make_project: Callable[..., Project], database: Database
) -> None:
    text = written(make_project, database, Amount())
    assert f"import {__name__}\n" in text
    assert f"{__name__}.Amount()" in text


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_own_render_item_wins(tmp_path: Path, database: Database) -> None:
    def render_item(kind: str, item: Any, _context: Any) -> Any:
        return "sa.String(99)" if kind == "type" and isinstance(item, Shout) else False

    def make_migrate(app: Any, db: Any, **more: Any) -> Migrate:
        return Migrate(app, db, render_item=render_item, **more)

    project = Project(database, tmp_path / "migrations", make_migrate)
    project.flask("db", "init")
    assert "sa.String(99)" in written(lambda _database: project, database, Shout(40))
