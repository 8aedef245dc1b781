"""Reads that end soon and keep nobody waiting, on a connection that will migrate afterwards.

Whatever is set for one read is as it was when the block ends, also if the read was broken off.
"""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

# Instructions of SQLite's virtual machine between two looks at the clock: some microseconds.
_INSTRUCTIONS = 1000


@contextmanager
def bounded(connection: Connection, seconds: float, wait: float) -> Iterator[None]:
    """Limit the statements of the block: no writing, a short wait for locks, a short run.

    :param connection: a transaction that is open on it stays as it is.
    :param seconds: how long a statement may run; :param wait: how long of that it may wait for a lock. On MySQL and
        MariaDB the wait is at least a second, the unit of `lock_wait_timeout`; on SQLite it is what the connection has.
    :raises sqlalchemy.exc.DBAPIError: in the block, if a limit is reached.
    """
    name = connection.dialect.name
    ways = {"postgresql": _postgresql, "sqlite": _sqlite, "mysql": _mysql, "mariadb": _mysql}
    with ways[name](connection, seconds, wait):
        yield


def begin_reading(connection: Connection) -> None:
    """Make the next transaction one that only reads, where a limit on each statement does not do that.

    On MySQL and MariaDB a SELECT in a SERIALIZABLE transaction would lock the rows that it counts.

    :param connection: one that is not in a transaction.
    """
    if connection.dialect.name in ("mysql", "mariadb"):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


@contextmanager
def _postgresql(connection: Connection, seconds: float, wait: float) -> Iterator[None]:
    """Work in a savepoint: rolling back to it gives settings and table locks back (PostgreSQL manual, SAVEPOINT)."""
    driver: Any = connection.connection.dbapi_connection
    autocommit = bool(getattr(driver, "autocommit", False))
    nested = None if autocommit else connection.begin_nested()
    try:
        if autocommit:
            connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("SET LOCAL transaction_read_only = on")
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_milliseconds(wait)}")
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {_milliseconds(seconds)}")
        yield
    finally:
        if nested is not None:
            nested.rollback()
        else:
            connection.exec_driver_sql("ROLLBACK")


def _milliseconds(seconds: float) -> int:
    """Whole milliseconds; 0 would be no limit."""
    return max(1, round(seconds * 1000))


@contextmanager
def _mysql(connection: Connection, seconds: float, wait: float) -> Iterator[None]:
    if getattr(connection.dialect, "is_mariadb", False):
        limit, value = "max_statement_time", f"{max(seconds, 0.001):f}"  # in seconds
    else:
        limit, value = "max_execution_time", str(_milliseconds(seconds))  # in milliseconds, for SELECT only
    question = text(f"SELECT @@SESSION.lock_wait_timeout, @@SESSION.{limit}")
    before = connection.execute(question).one()
    _set(connection, lock_wait_timeout=max(1, math.ceil(wait)), **{limit: value})
    try:
        yield
    finally:
        _set(connection, lock_wait_timeout=before[0], **{limit: before[1]})


def _set(connection: Connection, **settings: object) -> None:
    assignments = ", ".join(f"SESSION {name} = {value}" for name, value in settings.items())
    connection.exec_driver_sql(f"SET {assignments}")


@contextmanager
def _sqlite(connection: Connection, seconds: float, _wait: float) -> Iterator[None]:
    driver: Any = connection.connection.dbapi_connection
    if not hasattr(driver, "set_progress_handler"):
        yield
        return
    end = time.monotonic() + seconds
    before = driver.execute("PRAGMA query_only").fetchone()[0]
    driver.execute("PRAGMA query_only = ON")
    driver.set_progress_handler(lambda: time.monotonic() >= end, _INSTRUCTIONS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)
        driver.execute(f"PRAGMA query_only = {before}")
