"""Who keeps the ledger in one command."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..core.entry import Entry, Kind, Page, Result
from ..core.runner_lock import Actor
from ..ledger.store import new_id

if TYPE_CHECKING:
    from ..core.recorded import Direction, Recording
    from ..core.server import Server

Recorded = Callable[[str, "Direction", "Server"], "Recording | None"]
"""A recording that somebody made already in this command; `None` if nobody did."""


def nothing_recorded(_revision: str, _direction: Direction, _server: Server) -> Recording | None:
    """Know of no recording."""
    return None


@dataclass(frozen=True)
class Clerk:
    """Who keeps the ledger in one command.

    :param code: finds out the version of the application, when an entry is written; `None` if it has none.
    :param tool: version of this package.
    :param recorded: recordings that the command has made already.
    :param cosmetic: tells which applied revisions differ from what was applied and mean the same. The ledger then
        describes them as they are, so that the next command need not compare them again.
    :param note: why somebody forces what is done, or lets something through.
    """

    actor: Actor
    tool: str
    code: Callable[[], str | None] = lambda: None
    recorded: Recorded = nothing_recorded
    cosmetic: Callable[[], Iterable[str]] = tuple
    note: str | None = None

    def entry(
        self, page: Page, direction: Direction, kind: Kind, result: Result = Result.DONE, **fields: Any
    ) -> Entry:
        """Return a new entry by this clerk.

        :param fields: further fields of the entry; it is an attempt of its own without one.
        """
        given = {"id": new_id(), "attempt": new_id(), "note": self.note, "code": self.code(), **fields}
        actor = self.actor
        return Entry(
            page,
            direction,
            kind,
            result,
            user=actor.user,
            host=actor.host,
            pid=actor.pid,
            tool=self.tool,
            **given,
        )
