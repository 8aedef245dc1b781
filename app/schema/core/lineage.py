"""Which revisions a database has that stands at some."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

Above = Callable[[str], "Sequence[str] | None"]
"""From a revision to what it follows and depends on; `None` if there is no such revision."""


def lineage(heads: Iterable[str], above: Above) -> list[str]:
    """Return the revisions at and below `heads`, each after those that it follows. Unknown ones are left out."""
    done: dict[str, None] = {}
    waiting = [(head, False) for head in sorted(heads, reverse=True)]
    while waiting:
        revision, all_above_done = waiting.pop()
        parents = None if revision in done else above(revision)
        if parents is None:
            continue
        if all_above_done:
            done[revision] = None
        else:
            waiting.append((revision, True))
            waiting += [(parent, False) for parent in parents]
    return list(done)
