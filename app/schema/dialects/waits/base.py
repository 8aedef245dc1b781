"""What the engines share: the answer of one about which nothing is known, and plain talk with a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from ...core.waits import Blocker, Miss, Progress, Trouble


class Unlimited:
    """Limits nothing and knows nothing but a lost connection. The base of those that know more.

    :param connection: the one that migrates.
    :param lock_timeout: seconds that one attempt may wait for a lock.
    :param statement_timeout: seconds that a statement may run while it has such a lock; `None` is no limit.
    :param tell: is given one line where a wish cannot be met.
    """

    def __init__(
        self,
        connection: Connection,
        lock_timeout: float,
        statement_timeout: float | None,
        tell: Callable[[str], None],
    ) -> None:
        self._connection = connection
        self._lock_timeout = lock_timeout
        self._statement_timeout = statement_timeout
        self._tell = tell
        self.achieved = float("inf")
        self.aimed = float("inf")

    def begin(self) -> None:
        """Nothing to set up."""

    def limit(self, cursor: Any, *, locks: bool) -> None:
        """Limit nothing."""

    def rolled_back(self) -> None:
        """Nothing was set."""

    def theirs(self, statement: str) -> bool:
        """Whatever a revision sets is its own."""
        return False

    def revision_ended(self) -> None:
        """Nothing was theirs."""

    def end(self) -> None:
        """Nothing to give back."""

    def session(self) -> int | None:
        """A server of which nothing is known."""
        return None

    def failure(self, error: BaseException) -> Miss | Trouble | None:
        """Nothing is known of errors."""
        return None

    def blockers(self, other: Any) -> tuple[Blocker, ...]:
        """Nobody that is known."""
        return ()

    def interrupt_wait(self, other: Any) -> bool:
        """Nothing is interrupted."""
        return False

    def long_transactions(self, other: Any, older_than: float) -> tuple[Blocker, ...]:
        """None that are known."""
        return ()

    def progress(self, other: Any) -> Progress | None:
        """Not known."""
        return None


def original(error: BaseException) -> BaseException:
    """The driver's own error inside SQLAlchemy's, or the error itself."""
    inside = getattr(error, "orig", None)
    return inside if isinstance(inside, BaseException) else error


def is_lost(connection: Connection, error: BaseException) -> bool:
    """Whether the connection is gone, as SQLAlchemy has seen, the dialect can tell or the network says."""
    if getattr(error, "connection_invalidated", False) or connection.closed or connection.invalidated:
        return True
    inside: Any = original(error)
    if any(isinstance(it, ConnectionError) for it in (inside, inside.__cause__, inside.__context__)):
        return True
    known: Any = connection.dialect.loaded_dbapi
    driver: Any = connection.connection.dbapi_connection
    return isinstance(inside, known.Error) and bool(connection.dialect.is_disconnect(inside, driver, None))


def run(driver: Any, sql: str) -> list[tuple[Any, ...]]:
    """Send a statement through the driver alone, so that nobody who listens to SQLAlchemy's statements sees it.

    :param driver: a connection of the driver; a transaction that this begins is the caller's to end.
    :return: the rows, none for a statement that returns none.
    """
    cursor = driver.cursor()
    try:
        cursor.execute(sql)
        return [tuple(row) for row in cursor.fetchall()] if cursor.description else []
    finally:
        cursor.close()


def driver_of(connection: Connection) -> Any:
    """The driver's connection behind one of SQLAlchemy."""
    return connection.connection


def settle(connection: Connection) -> None:
    """End the transaction that the driver began by itself; one that SQLAlchemy knows of is its owner's."""
    if not connection.in_transaction():
        connection.connection.commit()


def rows_of(other: Connection | None, sql: str) -> list[Any]:
    """Query through another connection, and leave no transaction behind that would keep a snapshot.

    :param other: `None` where no other one could be had: there are no rows then.
    """
    if other is None:
        return []
    inside = other.in_transaction()
    try:
        return list(other.exec_driver_sql(sql))
    finally:
        if not inside:
            other.rollback()
