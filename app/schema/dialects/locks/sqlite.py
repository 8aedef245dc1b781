"""SQLite: a lock file beside the database, locked through the operating system.

The lock dies with the process, also when that is killed. The file is removed when the lock is given back; one that is
left behind is not locked and in nobody's way. SQLite's own locks do not do: they end with each transaction.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import SchemaError
from ...core.runner_lock import Holder, this_process
from ...core.wording import shown

if TYPE_CHECKING:
    from sqlalchemy import Connection

SUFFIX = ".schema-lock"

if sys.platform == "win32":
    import msvcrt

    def _locked(descriptor: int) -> bool:
        try:
            os.lseek(descriptor, 1 << 30, os.SEEK_SET)  # nobody could read a byte that is locked
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class SQLiteLock:
    """The lock of one database file, whatever its version table is called: SQLite has one writer anyway.

    :param database: the file.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._path = database.with_name(database.name + SUFFIX)
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Try to lock the file.

        :raises SchemaError: if it cannot be made.
        """
        descriptor = self._open()
        if not _locked(descriptor) or not self._is_current(descriptor):
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        self._sign(descriptor)
        return True

    def holder(self) -> Holder | None:
        """Who has written their name into the file."""
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
            return Holder(
                found["pid"], found["host"], found["user"], age=max(time.time() - found["since"], 0.0)
            )
        except (OSError, ValueError, KeyError):  # given back, or not yet written, in this moment
            return None

    def require(self) -> None:
        """Nothing takes a lock away from a process that lives."""

    def release(self) -> None:
        """Remove the file and with it the lock."""
        if self._descriptor is None:
            return
        with suppress(OSError):  # Windows keeps a file that is open; it is empty of locks from here on
            self._path.unlink()
        os.close(self._descriptor)
        self._descriptor = None

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        try:
            return os.open(self._path, flags, 0o666)
        except OSError as error:
            raise SchemaError(
                f"The SQLite database '{self._database}' can only be read, so that nothing was changed: "
                f"{shown(self._path)} cannot be written ({error.strerror}).",
                expected="File and folder have to be writable: the lock and SQLite's journal lie beside the file.",
                hint=f"Look at the rights with `ls -ld {self._database.parent} {self._database}`.",
            ) from error

    def _is_current(self, descriptor: int) -> bool:
        """Whether the file that is locked still lies there: who had the lock before removes it."""
        try:
            here, locked = self._path.stat(), os.fstat(descriptor)
        except FileNotFoundError:
            return False
        return os.path.samestat(here, locked)

    def _sign(self, descriptor: int) -> None:
        actor = this_process()
        line = {"pid": actor.pid, "host": actor.host, "user": actor.user, "since": time.time()}
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, json.dumps(line).encode())


def lock_of(connection: Connection) -> SQLiteLock | None:
    """The lock of the file behind a connection; `None` for a database in memory, which nobody else sees."""
    files = {row[1]: row[2] for row in connection.exec_driver_sql("PRAGMA database_list")}
    path = files.get("main")
    return SQLiteLock(Path(path).resolve()) if path else None
