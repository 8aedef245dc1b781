"""How a revision file differs from what it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# What differs in an edited revision, from the harmless to the worst: its text alone (formatting, comments, typing),
# its code but not what it does, only its downgrade, something that cannot be told, its parents, its operations.
Difference = Literal["text", "code", "downgrade", "unknown", "operations", "parents"]

HARMLESS: frozenset[Difference] = frozenset({"text", "code"})


@dataclass(frozen=True)
class Edit:
    """An edit of one revision file.

    :param differs: the worst of what differs.
    :param details: what it did and does now, where that can be said in a few words.
    :param diff: unified diff of the sources; "" where there is no old one.
    """

    differs: Difference
    details: str = ""
    diff: str = ""
