"""Read the ledgers of the databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.ledger_report import DatabaseLog
from .databases import look_at_each
from .running import revisions, running

if TYPE_CHECKING:
    from .databases import Place
    from .target import Target


def log(target: Target, *, number: int | None = None, revision: str | None = None) -> tuple[DatabaseLog, ...]:
    """Return what was done with the revisions, newest first. Nothing is created.

    :param number: how many entries of each database; `None` for all.
    :param revision: only entries of this revision: its id or the beginning of it.
    """
    found: list[DatabaseLog] = []

    def look(place: Place) -> None:
        store = place.ledger
        entries = None
        if store.exists():
            entries = [it for it in reversed(store.read()) if it.revision.startswith(revision or "")]
        shown = entries if entries is None or number is None else entries[:number]
        more = len(entries or ()) - len(shown or ())
        found.append(DatabaseLog(place.bind, place.url, shown, more))

    with running(target):
        look_at_each(target, revisions(target), look)
    return tuple(found)
