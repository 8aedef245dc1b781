"""Sets of words."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """Return the words of a text, which reads better than a list of hundred strings."""
    return frozenset(text.split())
