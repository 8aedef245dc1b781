"""What in the schema reads a column, so that PostgreSQL refuses to change its type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .copies import mentions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .state import State, ViewState

# `*` as a list of columns, not as an operator and not in count(*).
_STAR = re.compile(r"(?:\bselect(?:\s+(?:all|distinct))?|,|\.)\s*\*", re.IGNORECASE)


def has_star(query: str) -> bool:
    """True if a query reads all columns without naming them."""
    return _STAR.search(query) is not None


def views_reading(state: State, table: str, column: str) -> list[tuple[str, ViewState]]:
    """Return the views that use a column, by their keys."""
    return [
        (key, view) for key, view in state.views.items() if table in view.sources and _reads(view, column)
    ]


def others_reading(state: State, table: str, column: str) -> Iterator[str]:
    """Yield the generated columns and policies of a table that use a column, as words for a message."""
    known = state.table(table)
    if known is None:
        return
    for other in known.columns.values():
        if other.name != column and other.formula and mentions(other.formula, column):
            yield f"generated column {other.name}"
    for name, sql in known.policies.items():
        if mentions(
            re.split(r"\b(?:using|with\s+check)\b", sql, maxsplit=1, flags=re.IGNORECASE)[-1], column
        ):
            yield f"policy {name}"


def _reads(view: ViewState, column: str) -> bool:
    query = re.split(r"\bas\b", view.query, maxsplit=1, flags=re.IGNORECASE)[-1]
    return has_star(query) or mentions(query, column)
