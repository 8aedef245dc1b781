"""LOCK TABLE keeps others waiting until the whole transaction ends, not only for the statements that need it.

What it flags
    `LOCK TABLE` in a mode that blocks writes, or reads and writes, which is the default mode.
Why it hurts
    The lock is given back only at the commit: whatever else the revision does, the application waits for. It first
    waits for every transaction that uses the table, and all later queries wait behind it.
Example
    On postgresql:15:

        op.execute("LOCK TABLE shelf")
Instead
    Leave it out: each statement takes the lock that it needs. Where two statements must not be torn apart, give up
    early, do them in a revision of their own, and lock no more than writes:

        op.execute("SET LOCAL lock_timeout = '2s'")
        op.execute("LOCK TABLE shelf IN SHARE UPDATE EXCLUSIVE MODE")
When it is fine
    The mode only keeps out other schema changes, or the table was created in the same revision.
References
    PostgreSQL manual, LOCK and "Explicit Locking".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.effect import Blocks
from ...core.finding import Finding, Severity
from ...core.ops import LockTableOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="pg-lock-table", severity=Severity.WARNING, engines=POSTGRESQL, ops=(LockTableOp,))
_KEPT = {
    Blocks.WRITES: "INSERT, UPDATE and DELETE on",
    Blocks.READS_AND_WRITES: "every read and write of",
}


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a lock that keeps the application out."""
    op = step.as_(LockTableOp)
    held = [effect for effect in around.effects if effect.blocks in _KEPT and not around.is_new(effect.table)]
    if not held:
        return
    tables = " and ".join(effect.table for effect in held)
    yield around.finding(
        step,
        f"LOCK TABLE in {op.mode} mode keeps {_KEPT[held[0].blocks]} {tables} waiting until the transaction ends, "
        "whatever else the revision does meanwhile.",
        "Leave it out: each statement takes the lock that it needs, for as long as it needs it.",
        table=held[0].table,
        effect=held[0],
    )
