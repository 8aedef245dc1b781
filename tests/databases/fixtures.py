"""The fixtures that hand out databases. `tests/conftest.py` loads them for every test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from .mariadb import MARIADB
from .postgresql import POSTGRESQL
from .servers import Database, Engine, Server, Unavailable, shared

ENGINES = ("sqlite", "postgresql", "mariadb")
SERVED = {engine.name: engine for engine in (POSTGRESQL, MARIADB)}


@pytest.fixture(scope="session")
def server_of(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[Engine], Server]:
    """Return a function from engine to its server; it skips the test where the engine cannot be had."""
    alone = worker_id == "master"
    base = tmp_path_factory.getbasetemp()
    notes = base if alone else base.parent
    session = os.getpid() if alone else os.getppid()

    def find(engine: Engine) -> Server:
        try:
            return shared(engine, notes, session)
        except Unavailable as reason:
            if os.environ.get("REQUIRE_ALL_DATABASES") == "1":
                pytest.fail(str(reason), pytrace=False)
            pytest.skip(str(reason))

    return find


@pytest.fixture(scope="session")
def lend_database(
    server_of: Callable[[Engine], Server], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, ExitStack], Database]:
    """Return a function that creates an empty database of an engine and drops it when the stack closes."""

    def lend(engine: str, until: ExitStack) -> Database:
        if engine == "sqlite":
            return Database("sqlite", f"sqlite:///{_file(tmp_path_factory, until)}")
        served = SERVED[engine]
        server = server_of(served)
        database = served.new_database(server)
        until.callback(served.drop_database, server, database)
        return database

    return lend


def _file(factory: pytest.TempPathFactory, until: ExitStack) -> Path:
    file = factory.mktemp("sqlite") / "test.db"
    # The write-ahead log and its index lie beside the file.
    for suffix in ("", "-wal", "-shm", "-journal"):
        until.callback(Path(f"{file}{suffix}").unlink, missing_ok=True)
    return file


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Name of the engine: every test that uses a database runs once on each."""
    return str(request.param)


@pytest.fixture
def make_database(lend_database: Callable[[str, ExitStack], Database]) -> Iterator[Callable[[str], Database]]:
    """Return a function from engine name to a new empty database, dropped after the test."""
    with ExitStack() as until:
        yield lambda engine: lend_database(engine, until)


@pytest.fixture
def database(make_database: Callable[[str], Database], engine_name: str) -> Database:
    """An empty database of each engine that belongs to this test alone, dropped afterwards."""
    return make_database(engine_name)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say aloud which engines the suite did not see: a skip among hundreds of lines is easily overlooked."""
    reports = terminalreporter.stats.get("skipped", [])
    reasons = [str(report.longrepr[2]) for report in reports if isinstance(report.longrepr, tuple)]
    for engine in SERVED.values():
        skipped = sum(f"no {engine.label} here" in reason for reason in reasons)
        if skipped:
            terminalreporter.write_line(
                f"NOT TESTED ON {engine.label}: {skipped} tests skipped. To get it: {engine.how_to_get}.",
                yellow=True,
                bold=True,
            )
