"""Sees every statement that goes over one connection, before the driver does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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


@contextmanager
def seen(connection: Connection, perform: Callable[[Sent], bool]) -> Iterator[None]:
    """Hand every statement of a connection to a function inside the block.

    :param perform: executes the statement or decides not to, and returns whether it did either; else SQLAlchemy
        executes it.
    """
    dialect = connection.dialect
    listeners = _Listeners(connection, perform)
    events: dict[str, Callable[..., bool]] = {
        "do_execute": listeners.one,
        "do_executemany": listeners.many,
        "do_execute_no_params": listeners.bare,
    }
    for name, listener in events.items():
        event.listen(dialect, name, listener)
    try:
        yield
    finally:
        for name, listener in events.items():
            event.remove(dialect, name, listener)


class _Listeners:
    """The events are those of the engine: what goes over its other connections is none of our business."""

    def __init__(self, connection: Connection, perform: Callable[[Sent], bool]) -> None:
        self._connection = connection
        self._perform = perform
        self._dialect: Any = connection.dialect

    def one(self, cursor: Any, sql: str, parameters: Any, context: Any) -> bool:
        return self._handed(
            cursor, sql, context, lambda: self._dialect.do_execute(cursor, sql, parameters, context)
        )

    def many(self, cursor: Any, sql: str, parameters: Any, context: Any) -> bool:
        return self._handed(
            cursor, sql, context, lambda: self._dialect.do_executemany(cursor, sql, parameters, context)
        )

    def bare(self, cursor: Any, sql: str, context: Any) -> bool:
        return self._handed(
            cursor, sql, context, lambda: self._dialect.do_execute_no_params(cursor, sql, context)
        )

    def _handed(self, cursor: Any, sql: str, context: Any, execute: Callable[[], None]) -> bool:
        if context is None or context.root_connection is not self._connection:
            return False
        returning = getattr(context.compiled, "effective_returning", None) or ()
        return self._perform(Sent(sql, cursor, execute, len(returning)))
