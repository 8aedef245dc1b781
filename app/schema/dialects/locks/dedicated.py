"""A connection of its own for a lock: nothing that a revision does to its connection touches it."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


def dedicated(beside: Connection, *, autocommit: bool = True) -> Connection:
    """Open one more connection, made as the given one was, outside of its pool.

    The pool of the application may be full, or allow one connection only. Passwords, certificates and what the
    application does on connect are those of its pool.

    :param autocommit: whether each statement is a transaction, so that the connection never idles in one.
    """
    engine = beside.engine
    own = Engine(engine.pool.recreate(), engine.dialect, engine.url)
    connection = own.connect()
    return connection.execution_options(isolation_level="AUTOCOMMIT") if autocommit else connection


@contextmanager
def closing_dedicated(beside: Connection) -> Iterator[Connection]:
    """Open such a connection for the block."""
    connection = dedicated(beside)
    try:
        yield connection
    finally:
        close(connection)


def close(connection: Connection) -> None:
    """Close it for good, whatever state it is in."""
    with suppress(SQLAlchemyError):
        connection.invalidate()
    with suppress(SQLAlchemyError):
        connection.close()
    connection.engine.dispose()
