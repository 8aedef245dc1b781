"""The words of the PostgreSQL catalogue: an effect from a lock, and the function that finds an operation's entry."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from ...core.effect import Blocks, Effect, Lock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic.operations.ops import MigrateOperation

    from .change import Change

MEASURED = "measured on PostgreSQL 15.20 and 18.6"
ASSUMED = "not known: the worst is assumed"

_BLOCKS = {
    Lock.SHARE_UPDATE_EXCLUSIVE: Blocks.SCHEMA_CHANGES,
    Lock.SHARE: Blocks.WRITES,
    Lock.SHARE_ROW_EXCLUSIVE: Blocks.WRITES,
    Lock.EXCLUSIVE: Blocks.WRITES,
    Lock.ACCESS_EXCLUSIVE: Blocks.READS_AND_WRITES,
}


def locked(
    table: str,
    lock: Lock,
    *,
    rewrites: bool = False,
    scans: bool = False,
    builds_index: bool = False,
    blocks: Blocks | None = None,
    evidence: str = MEASURED,
) -> Effect:
    """Return the effect of a table lock; whom it blocks follows from the lock unless it is said."""
    return Effect(
        table,
        str(lock),
        _BLOCKS.get(lock, Blocks.NOBODY) if blocks is None else blocks,
        rewrites=rewrites,
        scans=scans,
        builds_index=builds_index,
        evidence=evidence,
    )


def exclusive(
    table: str, *, rewrites: bool = False, scans: bool = False, builds_index: bool = False
) -> Effect:
    """Return the effect of ACCESS EXCLUSIVE: nobody reads or writes the table."""
    return locked(table, Lock.ACCESS_EXCLUSIVE, rewrites=rewrites, scans=scans, builds_index=builds_index)


def each(
    tables: Iterable[str | None],
    lock: Lock = Lock.ACCESS_EXCLUSIVE,
    *,
    rewrites: bool = False,
    scans: bool = False,
    builds_index: bool = False,
) -> Iterator[Effect]:
    """Yield one effect for each table whose name is known."""
    for table in tables:
        if table:
            yield locked(table, lock, rewrites=rewrites, scans=scans, builds_index=builds_index)


@singledispatch
def entry(op: MigrateOperation, change: Change) -> Iterator[Effect]:
    """Yield what an operation does; this one is for operations that nothing is known about."""
    del op
    if change.table:
        yield locked(change.table, Lock.ACCESS_EXCLUSIVE, rewrites=True, scans=True, evidence=ASSUMED)
