"""Who keeps the ledger in one command."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..core.runner_lock import Actor

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
