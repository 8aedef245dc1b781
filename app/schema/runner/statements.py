"""Sees every statement that goes over one connection, before the driver does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


@dataclass(frozen=True)
class Sent:
    """One statement on its way to the driver.

    :param sql: its text, in the driver's own style of parameters.
    :param cursor: the driver's cursor that it will be executed on.
    :param execute: executes it there.
    :param returning: how many columns SQLAlchemy expects back from a statement that writes.
    """

    sql: str
    cursor: Any
    execute: Callable[[], None]
    returning: int = 0

    def answer_nothing(self, dialect_name: str) -> None:
        """Let the statement look as if it had been executed and had touched no row."""
        if self.returning:
            source = " FROM DUAL" if dialect_name in ("mysql", "mariadb") else ""
            columns = ", ".join(["NULL"] * self.returning)
            self.cursor.execute(f"SELECT {columns}{source} WHERE 1 = 0")


class Hearer(Protocol):
    """Who is told what goes over a connection."""

    def perform(self, sent: Sent) -> bool:
        """Execute the statement or decide not to; whether it was either. Else SQLAlchemy executes it."""

    def on_commit(self) -> None:
        """Know that a transaction is about to be committed."""

    def on_rollback(self) -> None:
        """Know that one is about to be rolled back."""


class Ear:
    """Hears what goes over one connection, for one hearer after the other.

    It listens all the time in between: to begin and to end that takes as long as to send a statement.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect: Any = connection.dialect
        self._hearer: Hearer | None = None
        self._listening = False
        # The first three events are those of the engine: its other connections are none of our business.
        self._events: tuple[tuple[Any, str, Callable[..., Any]], ...] = (
            (self._dialect, "do_execute", self._one),
            (self._dialect, "do_executemany", self._many),
            (self._dialect, "do_execute_no_params", self._bare),
            (connection, "commit", self._on_commit),
            (connection, "rollback", self._on_rollback),
        )

    def close(self) -> None:
        """Listen no more."""
        if self._listening:
            self._listening = False
            for target, name, listener in self._events:
                event.remove(target, name, listener)

    @contextmanager
    def lent_to(self, hearer: Hearer) -> Iterator[None]:
        """Tell a hearer what goes over the connection inside the block."""
        if not self._listening:
            self._listening = True
            for target, name, listener in self._events:
                event.listen(target, name, listener)
        self._hearer = hearer
        try:
            yield
        finally:
            self._hearer = None

    def _on_commit(self, _connection: Connection) -> None:
        if self._hearer is not None:
            self._hearer.on_commit()

    def _on_rollback(self, _connection: Connection) -> None:
        if self._hearer is not None:
            self._hearer.on_rollback()

    def _one(self, cursor: Any, sql: str, parameters: Any, context: Any) -> bool:
        return self._handed(
            cursor, sql, context, lambda: self._dialect.do_execute(cursor, sql, parameters, context)
        )

    def _many(self, cursor: Any, sql: str, parameters: Any, context: Any) -> bool:
        return self._handed(
            cursor, sql, context, lambda: self._dialect.do_executemany(cursor, sql, parameters, context)
        )

    def _bare(self, cursor: Any, sql: str, context: Any) -> bool:
        return self._handed(
            cursor, sql, context, lambda: self._dialect.do_execute_no_params(cursor, sql, context)
        )

    def _handed(self, cursor: Any, sql: str, context: Any, execute: Callable[[], None]) -> bool:
        hearer = self._hearer
        if hearer is None or context is None or context.root_connection is not self._connection:
            return False
        returning = getattr(context.compiled, "effective_returning", None) or ()
        return hearer.perform(Sent(sql, cursor, execute, len(returning)))
