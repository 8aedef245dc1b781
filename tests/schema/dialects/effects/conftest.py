"""PostgreSQL databases for the tests of this folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import Engine, NullPool, create_engine

from app.schema.core.server import Server
from tests.databases.servers import Database
from tests.schema.dialects.effects.postgresql_cases import SCHEMA

# So that what is read does not hang on the planner's choice, and a change of time zone is one.
SETTINGS = (
    "-c enable_indexscan=off -c enable_indexonlyscan=off -c enable_bitmapscan=off -c timezone=Europe/Berlin"
)


@pytest.fixture(scope="module")
def empty_engine(lend_database: Callable[[str, ExitStack], Database]) -> Iterator[Engine]:
    """An empty PostgreSQL database for all tests of a module."""
    with ExitStack() as until:
        url = lend_database("postgresql", until).url
        yield create_engine(url, poolclass=NullPool, connect_args={"options": SETTINGS})


@pytest.fixture(scope="module")
def engine(empty_engine: Engine) -> Engine:
    """A PostgreSQL database with one of everything; each test takes back what it did."""
    with empty_engine.begin() as connection:
        connection.exec_driver_sql(SCHEMA)
        connection.exec_driver_sql("CREATE SCHEMA elsewhere")
    return empty_engine


@pytest.fixture(scope="module")
def server(empty_engine: Engine) -> Server:
    """What is judged for: the version that the tests run on."""
    with empty_engine.connect() as connection:
        version = str(connection.exec_driver_sql("SHOW server_version").scalar_one())
    return Server("postgresql", tuple(int(part) for part in re.findall(r"\d+", version)[:2]))
