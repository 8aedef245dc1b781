"""What one operation does to one table while it runs: the lock it takes, whom that blocks, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Lock(IntEnum):
    """Table locks of PostgreSQL, from the weakest to the strongest."""

    NONE = 0
    ACCESS_SHARE = 1
    ROW_SHARE = 2
    ROW_EXCLUSIVE = 3
    SHARE_UPDATE_EXCLUSIVE = 4
    SHARE = 5
    SHARE_ROW_EXCLUSIVE = 6
    EXCLUSIVE = 7
    ACCESS_EXCLUSIVE = 8

    def __str__(self) -> str:
        return self.name.replace("_", " ")


class Blocks(IntEnum):
    """Whom a lock keeps waiting."""

    NOBODY = 0
    SCHEMA_CHANGES = 1
    WRITES = 2
    READS_AND_WRITES = 3

    def __str__(self) -> str:
        return self.name.replace("_", " ").lower()


@dataclass(frozen=True)
class Effect:
    """What one operation does to one table.

    :param table: name with schema if one was given.
    :param lock: the lock in the engine's own words: `ACCESS EXCLUSIVE`, `LOCK=SHARED`, `write lock`.
    :param blocks: whom the lock keeps waiting while it is held.
    :param rewrites: the table is written anew; time and disk grow with its size.
    :param scans: every row is read; time grows with the size.
    :param builds_index: an index is built; time grows with the size.
    :param algorithm: MySQL and MariaDB: INSTANT, NOCOPY, INPLACE or COPY.
    :param evidence: where the fact comes from: `measured on PostgreSQL 15.18`, `MySQL 8.4 manual`.
    """

    table: str
    lock: str
    blocks: Blocks
    rewrites: bool = False
    scans: bool = False
    builds_index: bool = False
    algorithm: str | None = None
    evidence: str = ""

    @property
    def grows(self) -> bool:
        """True if the time under the lock grows with the number of rows."""
        return self.rewrites or self.scans or self.builds_index
