"""How a statement that changes a schema waits for its lock, on any engine: what goes wrong, and who is in the way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from .duration import lasting


class Miss(Enum):
    """Why a statement failed that may succeed another time."""

    LOCK = "lock"
    """The lock was not to be had in time."""
    DEADLOCK = "deadlock"
    """The server chose this session to end a deadlock, or an order in which transactions cannot run."""


class Trouble(Enum):
    """Why a statement failed that is not simply repeated."""

    STATEMENT_TIMEOUT = "statement timeout"
    LOST = "connection lost"
    """The connection is gone; whether the statement took effect is not known."""


@dataclass(frozen=True)
class Blocker:
    """A session that is in the way. Each field is `None` where the server does not tell.

    :param pid: number of the session on the server (of the process, on SQLite).
    :param user: its user on the server (of the machine, on SQLite).
    :param application: what it calls itself (the program, on SQLite).
    :param age: seconds that its transaction is open, by the clock of the database.
    :param state: what it does: "active", "idle in transaction", …
    :param query: its last statement, with literals masked.
    :param noun: what it is: a session, a process, or a transaction without either.
    """

    pid: int | None = None
    user: str | None = None
    application: str | None = None
    age: float | None = None
    state: str | None = None
    query: str | None = None
    noun: str = "session"

    def __str__(self) -> str:
        parts = [f"{self.noun} {self.pid}" if self.pid is not None else f"a {self.noun}"]
        parts += [f"user '{self.user}'"] if self.user else []
        parts += [f"'{self.application}'"] if self.application else []
        parts += [f"open for {lasting(self.age)}"] if self.age is not None else []
        parts += [self.state] if self.state else []
        return ", ".join(parts) + (f": {self.query}" if self.query else "")


@dataclass(frozen=True)
class Progress:
    """How far a long statement is.

    :param phase: what the server does, in its own words, such as "building index: scanning table".
    :param done: of `total`, in the server's unit; `None` where it does not tell.
    """

    phase: str
    done: int | None = None
    total: int | None = None

    @property
    def percent(self) -> int | None:
        """Whole percents; `None` where it cannot be told."""
        return None if not self.total or self.done is None else min(100, 100 * self.done // self.total)


class Waits(Protocol):
    """What limits the waits of one migrating connection. `dialects.<engine>.waits(connection, …)` makes it.

    `connection` below is the migrating one; `other` is another connection to the same database.
    """

    achieved: float
    """Seconds that one attempt waits for a lock on this server: the wish, or what the server can do."""
    aimed: float
    """The same while somebody asks `interrupt_wait` again and again; less where the server alone is too coarse."""

    def begin(self) -> None:
        """Set the session up: limits, keep-alive, notice of a dead client; and read the settings back.

        Called outside of a transaction, leaves none open.

        :raises SchemaError: a setting did not take effect (a pooler, a role, a proxy).
        """

    def limit(self, cursor: Any, *, locks: bool) -> None:
        """Make the next statements wait for locks as long as one attempt may, or (`locks` false) as the server likes.

        Costs a round trip only where it changes something. Called before each statement, with the driver's cursor,
        inside whatever transaction is open; it knows that a rollback takes a setting back (`rolled_back`).
        """

    def rolled_back(self) -> None:
        """Note that a transaction was rolled back, and with it what `limit` had set there."""

    def theirs(self, statement: str) -> bool:
        """Whether a statement of the revision limits waits for locks itself. Theirs holds until `revision_ended`.

        Until then `limit` leaves alone what is theirs, also where that is another limit (false then).
        """

    def revision_ended(self) -> None:
        """Note that a revision has ended, and with it what was theirs. Costs nothing."""

    def end(self) -> None:
        """Give the session back as it was.

        Called outside of a transaction; never raises for a connection that is gone.
        """

    def session(self) -> int | None:
        """The number of the migrating session on the server, read once and kept."""

    def failure(self, error: BaseException) -> Miss | Trouble | None:
        """What an error of the driver (or SQLAlchemy's wrapper of it) means; `None` for an error of the statement."""

    def blockers(self, other: Any) -> tuple[Blocker, ...]:
        """Who the migrating session waits for right now, the oldest first; empty if for nobody."""

    def interrupt_wait(self, other: Any) -> bool:
        """End the wait for a lock where the server's own limit is coarser than the wish; whether that was needed."""

    def long_transactions(self, other: Any, older_than: float) -> tuple[Blocker, ...]:
        """Transactions older than some seconds that will hold up a concurrent index build or a validation."""

    def progress(self, other: Any) -> Progress | None:
        """How far the statement of the migrating session is; `None` where the server does not tell."""
