"""Files of the migrations folder, and models, that are missing or wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.schema.broken.cases import (
    Case,
    Claims,
    MakeShop,
    check,
    does,
    edits,
    removes,
    runs,
    shown,
    writes,
)
from tests.schema.shop import Shop, readable_folder, unprivileged

FILES = [
    Case(
        "env.py is missing",
        removes("migrations/env.py"),
        "current",
        2,
        "The migrations folder migrations has no env.py.",
        "Get it back with `git checkout -- migrations/env.py`",
    ),
    Case(
        "template is missing",
        does(runs("upgrade"), removes("migrations/script.py.mako")),
        "revision -m more",
        2,
        "The migrations folder migrations has no script.py.mako.",
        "Get it back with `git checkout -- migrations/script.py.mako`",
    ),
    Case(
        "env.py raises",
        writes("migrations/env.py", "from alembic import context\n\nraise LookupError('no luck')\n"),
        "current",
        2,
        "migrations/env.py:3 raised LookupError: no luck.",
        "Correct that line",
    ),
    Case(
        "env.py is not Python",
        writes("migrations/env.py", "from alembic import\n"),
        "current",
        4,
        "migrations/env.py:1 is not valid Python:",
        "Correct that line, then type `flask db current` again.",
    ),
    Case(
        "Migrate has no database",
        edits("main.py", "migrate.init_app(app, db)", "migrate.init_app(app)"),
        "current",
        2,
        "`Migrate` knows no database: it was initialised without the `SQLAlchemy` object.",
        "Write `migrate.init_app(app, db)`.",
    ),
    Case(
        "Migrate has another SQLAlchemy object",
        edits("main.py", "migrate.init_app(app, db)", "migrate.init_app(app, SQLAlchemy())"),
        "current",
        2,
        "Two `SQLAlchemy()` objects are in use: the one that `Migrate` was given is not the one of this "
        "application. There has to be one, made in one module and imported everywhere else.",
        "Look for the second with `grep -rn 'SQLAlchemy()' --include='*.py' .`.",
    ),
]


@pytest.mark.parametrize("case", FILES, ids=lambda case: case.name)
def test_broken_folder_is_explained_once_and_left_alone(shop: Shop, case: Case, claims: Claims) -> None:
    case.breaks(shop)
    check(shop, case)
    assert all(len(claim) == 1 for claim in claims)


@pytest.fixture
def open_shop(make_shop: MakeShop) -> Iterator[Shop]:
    """A project in a folder that users without rights may enter."""
    with readable_folder() as folder:
        yield make_shop(folder=folder / "shop")


def test_versions_folder_that_cannot_be_written(open_shop: Shop) -> None:
    open_shop.succeed("upgrade")
    app = open_shop.app()
    before = open_shop.state()
    open_shop.versions.chmod(0o555)
    with unprivileged():
        result = app.test_cli_runner().invoke(args=["db", "revision", "-m", "more"])
    open_shop.versions.chmod(0o755)
    assert result.exit_code == 1
    assert "cannot be written: Permission denied." in shown(result)
    assert "Look at the rights with `ls -ld migrations/versions" in shown(result)
    assert open_shop.state() == before


NO_MODELS = edits("main.py", "class Book(db.Model)", "class Book(SQLAlchemy().Model)")


def test_models_that_are_not_loaded_do_not_empty_the_database(shop: Shop) -> None:
    shop.succeed("upgrade")
    NO_MODELS(shop)
    before = shop.state()
    result = shop.db("migrate", "-m", "oops")
    assert (
        "No models are loaded: the metadata has no table, and the history has 2 revisions. "
        "Comparing it would drop every table of the database." in shown(result)
    )
    assert "make sure that they belong to the `SQLAlchemy()` object that `Migrate` was given." in shown(
        result
    )
    assert result.exit_code == 2
    assert shop.state() == before


def test_module_with_models_that_was_never_imported_is_named(shop: Shop) -> None:
    shop.succeed("upgrade")
    shop.write("models.py", "from main import db\n\n\nclass Reader(db.Model):\n    pass\n")
    NO_MODELS(shop)
    result = shop.db("migrate", "-m", "oops")
    assert "defines models and was not imported: models.py." in shown(result).replace(
        "what defines", "defines"
    )
    assert result.exit_code == 2


def test_revision_that_drops_the_table_of_a_module_never_imported_warns(shop: Shop) -> None:
    shop.succeed("upgrade")
    shop.sql("CREATE TABLE reader (id INTEGER PRIMARY KEY)")
    shop.write("readers.py", "from main import db\n\n\nclass Reader(db.Model):\n    pass\n")
    result = shop.succeed("migrate", "-m", "oops")
    assert (
        "This revision drops table 'reader' with all rows: no model that was loaded has that name."
        in shown(result)
    )
    assert "These define models and were not imported: readers.py." in shown(result)
    (shop.folder / "readers.py").unlink()
    next(shop.versions.glob("*_oops.py")).unlink()
    alone = shown(shop.succeed("revision", "--autogenerate", "-m", "again"))
    assert "drops table 'reader'" in alone
    assert "not imported" not in alone
