"""SQLite: `busy_timeout` in milliseconds. Nobody queues here: who finds the file locked asks again for so long.

Source: https://www.sqlite.org/pragma.html#pragma_busy_timeout, https://www.sqlite.org/rescode.html
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...core.masking import masked
from ...core.waits import Miss, Trouble
from . import sqlite_processes
from .base import driver_of, is_lost, original, run, settle
from .limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from ...core.waits import Blocker
    from .limits import Settings

LOCK = "busy_timeout"
_BUSY, _BUSY_SNAPSHOT, _LOCKED_SHARED_CACHE = 5, 517, 262
_SET = re.compile(r"(?:^|;)\s*PRAGMA\s+(?:\w+\.)?busy_timeout\s*[=(]", re.IGNORECASE)


class SQLiteWaits(Limits):
    """The limit of one connection. It knows of no transaction: a rollback leaves it as it is."""

    def __init__(
        self,
        connection: Connection,
        lock_timeout: float,
        statement_timeout: float | None,
        tell: Callable[[str], None],
    ) -> None:
        super().__init__(connection, lock_timeout, statement_timeout, tell)
        milliseconds = math.ceil(round(lock_timeout * 1000, 3))
        self.achieved = self.aimed = milliseconds / 1000
        self._strict = {LOCK: str(milliseconds)}
        self._file: Path | None = None

    def begin(self) -> None:
        """Note what the connection came with, and set the limit."""
        driver = driver_of(self._connection)
        self._came_with = {LOCK: str(run(driver, f"PRAGMA {LOCK}")[0][0])}
        self._patient = dict(self._came_with)
        files = {row[1]: row[2] for row in run(driver, "PRAGMA database_list")}
        self._file = Path(files["main"]) if files.get("main") else None
        self.send(driver, self._strict)
        settle(self._connection)
        if self._statement_timeout is not None:
            self._tell(
                "SQLite cannot limit how long a statement runs; SCHEMA_STATEMENT_TIMEOUT has no effect."
            )
        self._now = dict(self._strict)

    def send(self, driver: Any, settings: Settings) -> None:
        """Send the pragma."""
        for name, value in settings.items():
            run(driver, f"PRAGMA {name} = {value}")

    def theirs(self, statement: str) -> bool:
        """Find `PRAGMA busy_timeout = …`."""
        found = bool(_SET.search(masked(statement, shorten=False)))
        self.take({LOCK: ""} if found else {})
        return found

    def blockers(self, other: Any) -> tuple[Blocker, ...]:
        """Other processes that have locked the file."""
        return sqlite_processes.blockers(self._file) if self._file is not None else ()

    def failure(self, error: BaseException) -> Miss | Trouble | None:
        """Read the extended result code, or, before Python 3.11 and with other drivers, the message.

        A snapshot that others have overtaken can never be written from: the transaction has to begin again.
        `SQLITE_LOCKED` without a shared cache is a conflict of this connection with itself, which no waiting ends.
        """
        inside: Any = original(error)
        code = getattr(inside, "sqlite_errorcode", None)
        if code is None:
            busy = "database is locked" in str(inside)
            return Miss.LOCK if busy else (Trouble.LOST if is_lost(self._connection, error) else None)
        if code == _BUSY_SNAPSHOT:
            return Miss.DEADLOCK
        return Miss.LOCK if code & 0xFF == _BUSY or code == _LOCKED_SHARED_CACHE else None
