"""The words of the MySQL and MariaDB catalogue: ways of doing a change, and the effect that each of them has.

The best way that a server accepts was found by offering it INSTANT, NOCOPY, INPLACE and COPY with each LOCK.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import singledispatch

from alembic.operations.ops import MigrateOperation

from ...core.effect import Blocks, Effect
from ...core.server import Server
from .change import Change

MEASURED = "measured on MariaDB 10.11.19, MariaDB 11.8.9 and MySQL 9.7.4"
ASSUMED = "not known: the worst is assumed"
_ORDER = ("INSTANT", "NOCOPY", "INPLACE", "COPY")
_LOCKS = ("NONE", "SHARED", "EXCLUSIVE")
_BLOCKS = {
    "LOCK=NONE": Blocks.SCHEMA_CHANGES,
    "LOCK=SHARED": Blocks.WRITES,
    "LOCK=EXCLUSIVE": Blocks.READS_AND_WRITES,
}


@dataclass(frozen=True)
class Way:
    """How a server does a change: ALGORITHM and LOCK as it accepts them, and the work that grows with the table."""

    algorithm: str
    lock: str = "NONE"
    rewrites: bool = False
    builds_index: bool = False
    evidence: str = MEASURED

    @property
    def cost(self) -> tuple[int, bool, bool, int]:
        """What tells the worse of two ways."""
        return (
            _ORDER.index(self.algorithm),
            self.rewrites,
            self.builds_index,
            ("NONE", "SHARED", "EXCLUSIVE").index(self.lock),
        )


INSTANT = Way("INSTANT")
DESCRIPTION = Way("INPLACE")  # Only the description of the table is changed.
BRIEFLY = Way("INSTANT", "EXCLUSIVE")
REBUILD = Way("INPLACE", rewrites=True)
REBUILD_BLOCKING = Way("INPLACE", "SHARED", rewrites=True)
UNKNOWN = Way("COPY", "SHARED", rewrites=True, evidence=ASSUMED)


def copies(server: Server, evidence: str = MEASURED) -> Way:
    """The table is copied; MariaDB 11.2 and later let writers go on meanwhile (measured on MariaDB 11.8.9)."""
    online = server.engine == "mariadb" and server.at_least(11, 2)
    return Way("COPY", "NONE" if online else "SHARED", rewrites=True, evidence=evidence)


def indexes(server: Server) -> Way:
    """An index is built while writers go on."""
    return Way("NOCOPY" if server.engine == "mariadb" else "INPLACE", builds_index=True)


def describes(server: Server) -> Way:
    """The change is one of the table's description; only MariaDB calls that instant throughout."""
    return INSTANT if server.engine == "mariadb" else DESCRIPTION


def worst(*ways: Way) -> Way:
    """Return how one statement that needs several ways is done: in the worst of them."""
    top = max(ways, key=lambda way: way.cost)
    lock = max((way.lock for way in ways), key=_LOCKS.index)
    return replace(
        top,
        lock=lock,
        rewrites=any(way.rewrites for way in ways),
        builds_index=any(way.builds_index for way in ways),
    )


def effect(table: str, way: Way) -> Effect:
    """Return the effect of a way on a table."""
    lock = f"LOCK={way.lock}"
    return Effect(
        table,
        lock,
        _BLOCKS[lock],
        rewrites=way.rewrites,
        scans=way.algorithm == "COPY",
        builds_index=way.builds_index,
        algorithm=way.algorithm,
        evidence=way.evidence,
    )


def waits(table: str, blocks: Blocks, evidence: str, lock: str = "metadata lock") -> Effect:
    """Return the effect on a table that a statement about another one locks."""
    return Effect(table, lock, blocks, evidence=evidence)


@singledispatch
def entry(op: MigrateOperation, change: Change) -> Iterator[Effect]:
    """Yield what an operation does; this one is for operations that nothing is known about."""
    del op
    if change.table:
        yield effect(change.table, UNKNOWN)
