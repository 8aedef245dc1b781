"""The moments at which a runner may die: before each thing that it lets its driver do, and inside."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pymysql
import sqlalchemy as sa
from sqlalchemy import event

_SHOWN = 60
_READING = re.compile(r"\w+ (?:SELECT\b(?!.*(?:lock|setval))|SHOW\b|PRAGMA\b(?!.*=)|SET\b|DESCRIBE\b)", re.I)


class Points:
    """Counts the moments of this process, and kills it at one of them.

    A moment is that before a statement that writes, a commit or a rollback, whoever sends it: what lies between two of
    them is Python and reading, which leave everything as it is. Threads that only look at what happens are not
    counted: how often they look is a matter of chance.

    :param at: the number of the moment; 0 is none.
    :param delay: seconds from there to the end.
    """

    def __init__(self, at: int = 0, delay: float = 0.0) -> None:
        self.passed: list[tuple[str, float]] = []
        """What was done at each moment and how many seconds it took."""
        self._at = at
        self._delay = delay

    def watch(self) -> None:
        """Stand between the process and its drivers."""
        _between(psycopg.Cursor, ("execute", "executemany"), self._done)
        _between(psycopg.Connection, ("commit", "rollback"), self._done)
        _between(pymysql.connections.Connection, ("query", "commit", "rollback"), self._done)
        factory = self._sqlite()

        def connect(_dialect: Any, _record: Any, _arguments: Any, names: dict[str, Any]) -> None:
            names.setdefault("factory", factory)

        event.listen(sa.Engine, "do_connect", _on_sqlite(connect))

    def _sqlite(self) -> type[sqlite3.Connection]:
        class Cursor(sqlite3.Cursor):
            pass

        class Connection(sqlite3.Connection):
            def cursor(self, *_: Any) -> Any:
                return super().cursor(Cursor)

        _between(Cursor, ("execute", "executemany"), self._done)
        _between(Connection, ("execute", "commit", "rollback"), self._done)
        return Connection

    def _done(self, what: str, work: Callable[[], Any]) -> Any:
        if threading.current_thread() is not threading.main_thread() or _READING.match(what):
            return work()
        number = len(self.passed) + 1
        if number == self._at:
            self._end()
        self.passed.append((what, 0.0))
        began = time.monotonic()
        try:
            return work()
        finally:
            self.passed[number - 1] = (what, time.monotonic() - began)

    def _end(self) -> None:
        if self._delay:
            threading.Timer(self._delay, _die).start()
        else:
            _die()


def _between(kind: type[Any], names: tuple[str, ...], done: Callable[[str, Callable[[], Any]], Any]) -> None:
    for name in names:
        _replace(kind, name, done)


def _replace(kind: type[Any], name: str, done: Callable[[str, Callable[[], Any]], Any]) -> None:
    before = getattr(kind, name)

    def instead(self: Any, *arguments: Any, **others: Any) -> Any:
        text = arguments[0] if arguments else ""
        sql = (
            bytes(text[:500]).decode(errors="replace")
            if isinstance(text, (bytes, bytearray))
            else str(text)[:500]
        )
        return done(" ".join([name, *sql.split()])[:_SHOWN], lambda: before(self, *arguments, **others))

    setattr(kind, name, instead)


def _on_sqlite(listener: Callable[..., None]) -> Callable[..., None]:
    def connect(dialect: Any, *arguments: Any) -> None:
        if dialect.name == "sqlite":
            listener(dialect, *arguments)

    return connect


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
