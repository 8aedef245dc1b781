"""SQLite: `busy_timeout` in milliseconds. Nobody queues here: who finds the file locked asks again for so long.

Source: https://www.sqlite.org/pragma.html#pragma_busy_timeout, https://www.sqlite.org/rescode.html
"""

from __future__ import annotations

import math
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ...core.masking import masked
from ...core.waits import Miss, Trouble
from .base import Unlimited, driver_of, is_lost, original, run, settle

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

_BUSY, _BUSY_SNAPSHOT, _LOCKED_SHARED_CACHE = 5, 517, 262
_SET = re.compile(r"(?:^|;)\s*PRAGMA\s+(?:\w+\.)?busy_timeout\s*[=(]", re.IGNORECASE)


class SQLiteWaits(Unlimited):
    """The limit of one connection. It knows of no transaction: a rollback leaves it as it is."""

    def __init__(
        self,
        connection: Connection,
        lock_timeout: float,
        statement_timeout: float | None,
        tell: Callable[[str], None],
    ) -> None:
        super().__init__(connection, lock_timeout, statement_timeout, tell)
        self._strict = math.ceil(round(lock_timeout * 1000, 3))
        self.achieved = self.aimed = self._strict / 1000
        self._came_with: int | None = None
        self._now: int | None = None
        self._owned = False

    def begin(self) -> None:
        """Note what the connection came with, and set the limit."""
        driver = driver_of(self._connection)
        self._came_with = int(run(driver, "PRAGMA busy_timeout")[0][0])
        self._set(driver, self._strict)
        settle(self._connection)

    def limit(self, cursor: Any, *, locks: bool) -> None:
        """Set the limit if it is another one now."""
        wanted = self._strict if locks else self._came_with
        if wanted is not None and wanted != self._now and not self._owned:
            self._set(driver_of(self._connection, cursor), wanted)

    def theirs(self, statement: str) -> bool:
        """Find `PRAGMA busy_timeout = …`."""
        found = bool(_SET.search(masked(statement, shorten=False)))
        self._owned = self._owned or found
        return found

    def revision_ended(self) -> None:
        """Take back what was theirs."""
        if self._owned:
            self._owned, self._now = False, None

    def end(self) -> None:
        """Set it back."""
        if self._came_with is None or self._connection.closed or self._connection.invalidated:
            return
        with suppress(Exception):  # a connection that was closed has no limit to set back
            self._set(driver_of(self._connection), self._came_with)
        self._came_with = None

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

    def _set(self, driver: Any, milliseconds: int) -> None:
        run(driver, f"PRAGMA busy_timeout = {milliseconds}")
        self._now = milliseconds
