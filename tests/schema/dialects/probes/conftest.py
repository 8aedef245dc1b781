"""One database of each engine for all tests of probes: emptying one is faster than creating one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

from tests.databases.servers import Database

from .asking import Bench, bench

_SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"


@pytest.fixture(scope="session")
def lent(lend_database: Callable[[str, ExitStack], Database]) -> Iterator[Callable[[str], Database]]:
    """Return a function from engine to the one database of this worker."""
    known: dict[str, Database] = {}
    with ExitStack() as until:

        def lend(engine: str) -> Database:
            if engine not in known:
                known[engine] = lend_database(engine, until)
            return known[engine]

        yield lend


@pytest.fixture
def empty(lent: Callable[[str], Database], engine_name: str) -> Database:
    """An empty database of each engine. Nobody else uses it at the same time."""
    database = lent(engine_name)
    _empty(database)
    return database


@pytest.fixture
def here(empty: Database) -> Iterator[Bench]:
    """Two connections to an empty database."""
    with bench(empty) as made:
        yield made


def _empty(database: Database) -> None:
    url = make_url(database.url)
    if database.engine == "sqlite":
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{url.database}{suffix}").unlink(missing_ok=True)
        return
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if database.engine == "postgresql":
            for name in connection.scalars(text("SELECT pubname FROM pg_publication")).all():
                connection.exec_driver_sql(f'DROP PUBLICATION "{name}"')
            for name in connection.scalars(text(_SCHEMAS)).all():
                connection.exec_driver_sql(f'DROP SCHEMA "{name}" CASCADE')
            connection.exec_driver_sql("CREATE SCHEMA public")
        else:
            connection.exec_driver_sql(f"DROP DATABASE `{url.database}`")
            connection.exec_driver_sql(f"CREATE DATABASE `{url.database}`")
