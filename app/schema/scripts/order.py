"""Revisions → the order in which an upgrade runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..core.revision import Revision


def in_order(revisions: Sequence[Revision]) -> list[Revision]:
    """Return the revisions so that each follows its parents and what it depends on.

    Revisions that stand beside each other come in the order given. A parent that is not there is passed over, and a
    circle is broken at an arbitrary place: whoever needs a sound graph checks it first.
    """
    by_name = {label: revision for revision in revisions for label in revision.branch_labels}
    by_name.update({revision.id: revision for revision in revisions})
    placed: dict[str, Revision] = {}
    for revision in revisions:
        _place(revision, by_name, placed)
    return list(placed.values())


def _place(revision: Revision, by_name: dict[str, Revision], placed: dict[str, Revision]) -> None:
    """Put a revision behind everything that it needs, without recursion: histories are longer than the stack."""
    waiting, entered = [revision], set[str]()
    while waiting:
        current = waiting[-1]
        needed = [by_name[name] for name in _needs(current) if name in by_name]
        open_ = [other for other in needed if other.id not in placed and other.id not in entered]
        entered.add(current.id)
        if open_:
            waiting.extend(reversed(open_))
            continue
        placed.setdefault(current.id, current)
        waiting.pop()


def _needs(revision: Revision) -> Iterable[str]:
    return (*revision.down_revisions, *revision.depends_on)
