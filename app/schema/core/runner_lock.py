"""What keeps two runners of one database apart: the lock as every engine offers it, and who holds it."""

from __future__ import annotations

import getpass
import os
import socket
from dataclasses import dataclass
from typing import Protocol

from .duration import lasting
from .errors import SchemaError


class LockLost(SchemaError):
    """The lock went away while revisions ran, so that another runner may have begun."""


@dataclass(frozen=True)
class Actor:
    """A process that migrates.

    :param pid: its number on its machine.
    :param host: name of the machine or container.
    :param user: whom the process belongs to.
    """

    pid: int
    host: str
    user: str


@dataclass(frozen=True)
class Holder:
    """Who has the lock. Each field is `None` where the database does not tell.

    :param pid: process number on its own machine.
    :param host: that machine, or the address that the server sees.
    :param user: who runs it: the user of the database, or that of the machine where a database has no users.
    :param session: number of the session on the server.
    :param age: seconds since the lock was taken, by the clock of the database.
    :param orphan: whether only the session is left: its process has ended, its last statement still runs.
    """

    pid: int | None = None
    host: str | None = None
    user: str | None = None
    session: int | None = None
    age: float | None = None
    orphan: bool = False

    def __str__(self) -> str:
        process = f"process {self.pid}" if self.pid is not None else "a process"
        parts = [f"{process} on {self.host}" if self.host else process]
        parts += [f"user '{self.user}'"] if self.user else []
        parts += [f"session {self.session}"] if self.session is not None else []
        parts += [f"for {lasting(self.age)}"] if self.age is not None else []
        text = ", ".join(parts)
        return f"{text}; the process has ended, its last statement still runs" if self.orphan else text


class RunnerLock(Protocol):
    """One lock of one database. Every attempt returns at once; who waits between attempts is the runner."""

    def acquire(self) -> bool:
        """Try to take the lock.

        :raises SchemaError: if it can never be had here.
        """

    def holder(self) -> Holder | None:
        """Who has it; `None` if nobody does any more, or if it cannot be told."""

    def require(self) -> None:
        """Make sure that this runner still has it.

        :raises LockLost: if not.
        """

    def release(self) -> None:
        """Give it back, and close what was opened for it. Also ends a wait that was in vain."""


def this_process() -> Actor:
    """Return the process that calls."""
    return Actor(os.getpid(), socket.gethostname(), _user())


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container whose user has no name; which of the two depends on the Python
        return str(os.getuid()) if hasattr(os, "getuid") else ""
