"""Histories for the rules about the graph of revisions, written as `graph("a", "b < a", "c < a b")`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.schema.lint.engine import judge_history
from app.schema.lint.rule import History, HistoryRevision

if TYPE_CHECKING:
    from collections.abc import Mapping, Set

    from app.schema.core.finding import Finding


def graph(
    *lines: str, applied: Set[str] | None = None, labels: Mapping[str, Set[str]] | None = None, **kwargs: Any
) -> History:
    """Return a history; a line is an id, or an id, `<` and the ids of its parents."""
    revisions = {}
    for line in lines:
        name, _, parents = line.partition("<")
        own = frozenset((labels or {}).get(name.strip(), ()))
        revisions[name.strip()] = HistoryRevision(
            name.strip(), tuple(parents.split()), Path(f"versions/{name.strip()}.py"), own
        )
    built_on = {parent for revision in revisions.values() for parent in revision.parents}
    heads = tuple(name for name in revisions if name not in built_on)
    return History(revisions, heads, None if applied is None else frozenset(applied), **kwargs)


def found_in(history: History, rule: str) -> list[Finding]:
    """Return what one rule finds."""
    return [finding for finding in judge_history(history) if finding.rule == rule]
