"""What a user types for revisions → the revisions: an id, its beginning, `head`, a range `from:to`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.errors import HistoryBroken, UsageProblem
from . import graph

if TYPE_CHECKING:
    from .directory import History


def select(history: History, text: str) -> set[str]:
    """Return the ids that a text names.

    One name is one revision. `a:b` is what comes after `a`, up to `b`; without `a` from the beginning, without `b`
    up to the heads.

    :raise HistoryBroken: a name is unknown or ambiguous.
    """
    start, colon, end = text.partition(":")
    if not colon:
        return set(resolve(history, text))
    above = resolve(history, end or "heads")
    below = resolve(history, start) if start not in ("", "base") else ()
    return set(graph.ancestors(history.revisions, above) - graph.ancestors(history.revisions, below))


def resolve(history: History, name: str) -> tuple[str, ...]:
    """Return the ids that one name stands for: several for `heads`.

    :raise HistoryBroken: the name is unknown or ambiguous.
    """
    if name in ("head", "heads"):
        return _heads(history, name)
    if history.get(name):
        return (name,)
    labelled = [
        revision.id for revision in history.revisions if name.partition("@")[0] in revision.branch_labels
    ]
    found = labelled or [revision.id for revision in history.starting_with(name)]
    if len(found) == 1:
        return (found[0],)
    if found:
        raise HistoryBroken(
            f"'{name}' is the beginning of {len(found)} revisions: {', '.join(sorted(found))}.",
            hint="Type more of the id.",
        )
    raise HistoryBroken(
        f"There is no revision '{name}'.", hint="Type `flask db history` to see all revisions."
    )


def _heads(history: History, name: str) -> tuple[str, ...]:
    heads = history.heads
    if name == "head" and len(heads) > 1:
        raise UsageProblem(
            f"The history has {len(heads)} heads: {', '.join(sorted(heads))}.",
            hint="Name one of them, or type `heads` for all.",
        )
    return heads
