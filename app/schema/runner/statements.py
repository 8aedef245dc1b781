"""Sees every statement that goes over one connection, before the driver does."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import event
from sqlalchemy.engine.cursor import BufferedRowCursorFetchStrategy, FullyBufferedCursorFetchStrategy
from sqlalchemy.engine.interfaces import ExecuteStyle

from .answers import MOST_ROWS, Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


@dataclass(frozen=True)
class Sent:
    """One statement on its way to the driver.

    :param sql: its text, in the driver's own style of parameters.
    :param cursor: the driver's cursor that it will be executed on.
    :param execute: executes it there.
    :param context: SQLAlchemy's context of the execution.
    :param parameters: as the driver is given them.
    :param returning: how many columns SQLAlchemy expects back from a statement that writes.
    """

    sql: str
    cursor: Any
    execute: Callable[[], None]
    context: Any
    parameters: Any = None
    returning: int = 0

    def answer_nothing(self, dialect_name: str) -> None:
        """Let the statement look as if it had been executed and had touched no row."""
        if self.returning:
            source = " FROM DUAL" if dialect_name in ("mysql", "mariadb") else ""
            columns = ", ".join(["NULL"] * self.returning)
            self.cursor.execute(f"SELECT {columns}{source} WHERE 1 = 0")

    def answer(self, answer: Answer) -> None:
        """Let the statement look as if it had been executed, with what came of it."""
        context = self.context
        context._rowcount = answer.rowcount
        context.get_lastrowid = lambda: answer.lastrowid
        if answer.columns is not None:
            description = [(name, code, None, None, None, None, None) for name, code in answer.columns]
            context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                None, alternate_description=description, initial_buffer=answer.rows
            )

    def answered(self) -> Answer | None:
        """Return what came of the statement, which was executed, without taking it from whoever sent it.

        :return: `None` if there are too many rows, or they come piece by piece.
        """
        cursor, context = self.cursor, self.context
        counts = cursor.rowcount, getattr(cursor, "lastrowid", None)
        if cursor.description is None:
            return Answer(*counts)
        in_pieces = context._is_server_side or context.execution_options.get("stream_results")
        if in_pieces or context.execute_style is ExecuteStyle.INSERTMANYVALUES:
            return None
        rows = cursor.fetchmany(MOST_ROWS + 1)
        if len(rows) > MOST_ROWS:
            context.cursor_fetch_strategy = BufferedRowCursorFetchStrategy(
                cursor, context.execution_options, initial_buffer=deque(rows)
            )
            return None
        context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(None, initial_buffer=rows)
        columns = tuple((column[0], column[1]) for column in cursor.description)
        return Answer(*counts, columns, tuple(tuple(row) for row in rows))


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
            cursor,
            sql,
            context,
            lambda: self._dialect.do_execute(cursor, sql, parameters, context),
            parameters,
        )

    def _many(self, cursor: Any, sql: str, parameters: Any, context: Any) -> bool:
        return self._handed(
            cursor,
            sql,
            context,
            lambda: self._dialect.do_executemany(cursor, sql, parameters, context),
            parameters,
        )

    def _bare(self, cursor: Any, sql: str, context: Any) -> bool:
        return self._handed(
            cursor, sql, context, lambda: self._dialect.do_execute_no_params(cursor, sql, context)
        )

    def _handed(
        self, cursor: Any, sql: str, context: Any, execute: Callable[[], None], parameters: Any = None
    ) -> bool:
        hearer = self._hearer
        if hearer is None or context is None or context.root_connection is not self._connection:
            return False
        returning = getattr(context.compiled, "effective_returning", None) or ()
        return hearer.perform(Sent(sql, cursor, execute, context, parameters, len(returning)))
