"""Looks at a running statement from outside: who is in its way, how far it is, and whether it waits for too long."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from ..core.duration import lasting
from ..core.wording import shortened
from ..dialects.locks.dedicated import close, dedicated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from ..core.waits import Blocker, Progress, Waits
    from .policy import Policy

_TICK = 0.02
_IDLE_AFTER = 1.0
_FIRST_REPORT = 2.0
_BETWEEN_REPORTS = (5.0, 60.0)
_SHOWN = 80


@dataclass
class _Watched:
    statement: str
    limited: bool
    since: float
    blockers: tuple[Blocker, ...] = ()
    named: bool = False
    next_report: float = 0.0
    pause: float = _BETWEEN_REPORTS[0]


class Watchdog:
    """One thread and one connection, both begun when the first statement takes longer than a moment.

    :param connection: the one that migrates; only looked at.
    """

    def __init__(self, connection: Connection, waits: Waits, policy: Policy) -> None:
        self._connection = connection
        self._waits = waits
        self._policy = policy
        self._wake = threading.Event()
        self._over = False
        self._watched: _Watched | None = None
        self._thread: threading.Thread | None = None
        self._other: Connection | None = None
        self._failed = False

    @contextmanager
    def over(self, statement: str, *, limited: bool) -> Iterator[_Watched]:
        """Watch a statement inside the block.

        :param limited: whether it waits for its lock no longer than one attempt may.
        :return: what is known of it; `blockers` are those that were seen last.
        """
        watched = _Watched(statement, limited, time.monotonic())
        self._watched = watched
        self._begin()
        try:
            yield watched
        finally:
            self._watched = None
            if watched.next_report and self._policy.progress is not None:
                self._policy.progress("")

    def long_transactions(self, older_than: float) -> tuple[Blocker, ...]:
        """Transactions that a statement without a limit will wait for. Called before one, by the runner."""
        with suppress(SQLAlchemyError, OSError):
            return self._waits.long_transactions(self._connected(), older_than)
        return ()

    def stop(self) -> None:
        """End the thread and close its connection."""
        self._over = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        if self._other is not None:
            close(self._other)

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="schema-watchdog", daemon=True)
            self._thread.start()
        if not self._wake.is_set():
            self._wake.set()

    def _watch(self) -> None:
        idle_since = time.monotonic()
        while not self._over:
            watched = self._watched
            if watched is not None:
                idle_since = time.monotonic()
                self._look(watched)
            elif time.monotonic() - idle_since > _IDLE_AFTER:
                self._wake.clear()
                if self._watched is None:
                    self._wake.wait()
                idle_since = time.monotonic()
            time.sleep(_TICK)

    def _look(self, watched: _Watched) -> None:
        age = time.monotonic() - watched.since
        limit = self._policy.lock_timeout
        # Nothing that is watched may fail because of who watches.
        with suppress(SQLAlchemyError, OSError):
            if watched.limited and age > limit / 2:
                self._limited(watched, age, limit)
            if age > max(_FIRST_REPORT, watched.next_report):
                self._report(watched, age)

    def _limited(self, watched: _Watched, age: float, limit: float) -> None:
        other = self._connected()
        if not watched.blockers:
            watched.blockers = self._waits.blockers(other)
        if age > limit and self._watched is watched:
            self._waits.interrupt_wait(other)

    def _report(self, watched: _Watched, age: float) -> None:
        other = self._connected()
        blockers = self._waits.blockers(other)
        if blockers:
            watched.blockers = blockers
        progress = self._waits.progress(other)
        text = _text(watched, age, progress, blockers)
        if self._policy.progress is not None:
            self._policy.progress(text)
            watched.next_report = age + 1
            return
        self._policy.tell(text)
        watched.next_report = age + watched.pause
        watched.pause = min(watched.pause * 2, _BETWEEN_REPORTS[1])

    def _connected(self) -> Connection | None:
        if self._other is None and not self._failed:
            try:
                self._other = dedicated(self._connection)
            except SQLAlchemyError:
                self._failed = True
        return self._other


def _text(watched: _Watched, age: float, progress: Progress | None, blockers: tuple[Blocker, ...]) -> str:
    statement = shortened(" ".join(watched.statement.split()), _SHOWN)
    parts = [f"`{statement}` runs for {lasting(age)}"]
    if progress is not None:
        percent = f", {progress.percent} %" if progress.percent is not None else ""
        parts.append(f"{progress.phase}{percent}")
    if blockers:
        parts.append(f"waits for {'; '.join(str(blocker) for blocker in blockers)}")
    return "; ".join(parts) + "."
