"""SQLite: which processes have locked a database file, as Linux tells.

Source: https://www.sqlite.org/lockingv3.html, https://www.sqlite.org/walformat.html#wal_locks, proc_locks(5)
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ...core.waits import Blocker
from ...core.wording import shortened

_LOCKS = Path("/proc/locks")
_LINE = re.compile(
    r"\d+: (?:POSIX|OFDLCK) +\S+ +(?P<kind>READ|WRITE) +(?P<pid>-?\d+) +"
    r"(?P<major>[0-9a-f]+):(?P<minor>[0-9a-f]+):(?P<inode>\d+) +(?P<first>\d+) +(?P<last>\w+)"
)
# Bytes of the index of a write-ahead log that keep a writer out: writing, checkpoint, recovery.
_WRITING = range(120, 123)
_PASSWORD = re.compile(r"(?<=://)([^:/@\s]*):[^@\s]*@")
_LONGEST = 120


@dataclass(frozen=True)
class _Lock:
    pid: int
    writes: bool
    file: tuple[int, int, int]
    first: int


def blockers(database: Path) -> tuple[Blocker, ...]:
    """Other processes that have the file locked, or one of which only that is known.

    A process of another container has no number here. What holds the file in this process itself is not seen: the
    system does not tell its locks from our own.
    """
    if not _LOCKS.exists():
        return (Blocker(state="has the file open", noun="process"),)
    log_index = _file_id(database.with_name(database.name + "-shm"))
    held: dict[int, bool] = {}
    for lock in _locks():
        if lock.pid != os.getpid() and _matters(lock, _file_id(database), log_index):
            held[lock.pid] = held.get(lock.pid, False) or lock.writes
    return tuple(_blocker(pid, writes=writes) for pid, writes in sorted(held.items()))


def _matters(
    lock: _Lock, database: tuple[int, int, int] | None, log_index: tuple[int, int, int] | None
) -> bool:
    """Whether a lock keeps a writer out. With a write-ahead log, readers and open connections do not."""
    if lock.file == log_index:
        return lock.writes and lock.first in _WRITING
    return lock.file == database and (lock.writes or log_index is None)


def _locks() -> Iterator[_Lock]:
    for line in _LOCKS.read_text().splitlines():
        if match := _LINE.match(line):
            file = (int(match["major"], 16), int(match["minor"], 16), int(match["inode"]))
            yield _Lock(int(match["pid"]), match["kind"] == "WRITE", file, int(match["first"]))


def _file_id(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return os.major(found.st_dev), os.minor(found.st_dev), found.st_ino


def _blocker(pid: int, *, writes: bool) -> Blocker:
    state = "writes to the file" if writes else "reads the file"
    if pid <= 0:
        return Blocker(state=f"{state}, from another container", noun="process")
    return Blocker(pid, _user(pid), _command(pid), state=state, noun="process")


def _user(pid: int) -> str | None:
    # Windows has no such module, and never gets here.
    import pwd

    with suppress(OSError, KeyError):
        return pwd.getpwuid(Path(f"/proc/{pid}").stat().st_uid).pw_name
    return None


def _command(pid: int) -> str | None:
    """Its command line, without passwords of URLs."""
    with suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        return shortened(_PASSWORD.sub(r"\1:***@", " ".join(words).strip()), _LONGEST) or None
    return None
