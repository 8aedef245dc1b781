"""What is known about one live database. Gathered before judging; a rule never queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .server import Server


@dataclass(frozen=True)
class TableFacts:
    """Estimated rows and size in bytes of one table, indexes included."""

    rows: int
    bytes: int


@dataclass(frozen=True)
class Violation:
    """Rows that would make an operation fail: `count` of them, and a few as examples."""

    table: str
    columns: tuple[str, ...]
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """What was found in a live database.

    :param longest_transaction: age in seconds of the oldest open transaction, None if unknown.
    :param nulls: NULLs by `(table, column)`; `duplicates` by `(table, columns)`; `orphans` by
        `(table, columns, referred table)`: only what the judged revisions are about is counted.
    """

    server: Server
    tables: Mapping[str, TableFacts] = field(default_factory=dict)
    nulls: Mapping[tuple[str, str], Violation] = field(default_factory=dict)
    duplicates: Mapping[tuple[str, tuple[str, ...]], Violation] = field(default_factory=dict)
    orphans: Mapping[tuple[str, tuple[str, ...], str], Violation] = field(default_factory=dict)
    longest_transaction: float | None = None
    volatile_functions: frozenset[str] = frozenset()
    stable_functions: frozenset[str] = frozenset()
