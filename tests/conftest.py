"""Fixtures that every test may use: the application, its client and runner, and databases.

Databases come from `tests/databases/fixtures.py`: `database`, `make_database(engine)`, `engine_name`.
`tests/leaks.py` fails a test that leaves a context, a connection or a changed process behind.
To see one engine only: `@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

import main
from tests.databases.servers import Database
from tests.migrated import MigratedDatabases

pytest_plugins = ["tests.databases.fixtures", "tests.leaks"]

ROOT = Path(__file__).parent.parent

# Tests edit revision files within the second in which they were written, which Python's cache does not notice.
sys.dont_write_bytecode = True


@pytest.fixture
def make_app(tmp_path: Path) -> Callable[..., Flask]:
    """Return a function from a `Database` and settings to the application with its Testing configuration.

    CSRF protection and rate limits are off; the tests of both switch them on with a setting.
    """

    def make(database: Database, **settings: Any) -> Flask:
        defaults = {
            "TESTING": True,
            "SQLALCHEMY_DATABASE_URI": database.url,
            "WTF_CSRF_ENABLED": False,
            "RATELIMIT_ENABLED": False,
            "UPLOAD_FOLDER": str(tmp_path / "uploads"),
        }
        return main.create_app({**defaults, **settings})

    return make


@pytest.fixture(scope="session")
def migrated(lend_database: Callable[[str, ExitStack], Database]) -> Iterator[MigratedDatabases]:
    """One database for each engine, built by `flask db upgrade` once in this worker."""
    with ExitStack() as until:
        yield MigratedDatabases(lend_database, until, ROOT / "migrations")


@pytest.fixture
def app(
    make_app: Callable[..., Flask],
    migrated: MigratedDatabases,
    engine_name: str,
    request: pytest.FixtureRequest,
) -> Iterator[Flask]:
    """The application on a database of each engine that is at head and has no rows."""
    with migrated.lend(engine_name, make_app) as database:
        yield make_app(database)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript that visits `app`."""
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """Runs the commands of `app`: `runner.invoke(args=["db", "current"])`."""
    return app.test_cli_runner()


@pytest.fixture
def empty_app(make_app: Callable[..., Flask], database: Database) -> Flask:
    """The application on the `database` fixture, in which nothing exists yet."""
    return make_app(database)
