"""A session that migrates, its limits, and others that are in its way."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from app.schema import dialects
from app.schema.core.waits import Waits
from tests.databases.servers import Database

Connect = Callable[..., Connection]
MakeWaits = Callable[..., Waits]


@pytest.fixture
def engine(database: Database) -> Engine:
    return create_engine(database.url, poolclass=NullPool)


@pytest.fixture
def connect(engine: Engine) -> Iterator[Connect]:
    """Return a function that opens a connection; with `autocommit=True` each of its statements is a transaction."""
    with ExitStack() as until:

        def open_one(*, autocommit: bool = False) -> Connection:
            connection = until.enter_context(engine.connect())
            return connection.execution_options(isolation_level="AUTOCOMMIT") if autocommit else connection

        yield open_one


@pytest.fixture
def make_waits() -> MakeWaits:
    """Return a function from a connection to its limits, which have not begun."""

    def make(
        connection: Connection,
        lock_timeout: float = 0.1,
        statement_timeout: float | None = None,
        tell: Callable[[str], None] = print,
    ) -> Waits:
        dialect = dialects.for_name(connection.dialect.name)
        return dialect.waits(
            connection, lock_timeout=lock_timeout, statement_timeout=statement_timeout, tell=tell
        )

    return make


@pytest.fixture
def main(connect: Connect) -> Connection:
    """The connection that migrates."""
    return connect()


@pytest.fixture
def table(connect: Connect) -> str:
    """A table with a row."""
    with connect().begin() as transaction:
        transaction.connection.exec_driver_sql(
            "CREATE TABLE parcel (id INTEGER PRIMARY KEY, note VARCHAR(20))"
        )
        transaction.connection.exec_driver_sql("INSERT INTO parcel VALUES (1, 'x')")
    return "parcel"


def failure_of(waits: Waits, connection: Connection, sql: str) -> object:
    """Run a statement that fails, roll back, and return what its failure is taken for."""
    with pytest.raises(DBAPIError) as error:
        connection.exec_driver_sql(sql)
    meaning = waits.failure(error.value)
    connection.rollback()
    waits.rolled_back()
    return meaning


class Running:
    """A statement that runs in a thread, until it ends."""

    def __init__(self, connection: Connection, sql: str) -> None:
        self.error: BaseException | None = None
        self._connection = connection
        self._sql = sql
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._connection.exec_driver_sql(self._sql)
        except DBAPIError as error:
            self.error = error

    def ended(self) -> bool:
        return not self._thread.is_alive()

    def join(self) -> BaseException | None:
        """Wait for its end and return its error."""
        self._thread.join(60)
        assert self.ended()
        return self.error


def until(holds: Callable[[], object]) -> None:
    """Wait until something is true that has to become true.

    Pauses for times of different lengths: see `mysql_sessions` for what happens to MariaDB when others ask too.
    """
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(random.uniform(0.01, 0.5))  # noqa: S311  # no secret
