"""Detaching a partition blocks every read and write of the whole partitioned table.

What it flags
    `ALTER TABLE … DETACH PARTITION` without CONCURRENTLY on a table that existed before the revision.
Why it hurts
    ACCESS EXCLUSIVE is taken on the parent, on the partition and on the default partition: the statement waits for
    every query of any partition, and every later query waits behind it.
Example
    On postgresql:15:

        op.execute("ALTER TABLE visit DETACH PARTITION visit_2025")
Instead
    Detach it concurrently, outside the transaction (version 14 and later):

        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE visit DETACH PARTITION visit_2025 CONCURRENTLY")
When it is fine
    The partitioned table was created in the same revision. With a default partition CONCURRENTLY is refused: set a
    short lock_timeout and try again until it succeeds.
References
    PostgreSQL manual, ALTER TABLE, "DETACH PARTITION"; measured on PostgreSQL 15.18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import ExecuteSQLOp

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.ops import DetachPartitionOp
from ...core.source import SHORT_WAIT, executed
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-detach-partition",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(DetachPartitionOp,),
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a partition that is taken away in the lock."""
    op, parent = step.as_(DetachPartitionOp), around.table(step)
    if op.concurrently or "finalize" in step.clauses:
        return
    refused = not around.server.at_least(14) or (parent is not None and parent.default_partition is not None)
    yield around.finding(
        step,
        f"Detaching {op.partition} waits for every query that runs on {step.table}, and every new query of "
        f"{step.table} waits behind it.",
        "CONCURRENTLY is not possible here. Give up after a short while, and try again until it succeeds:"
        if refused
        else "Detach it concurrently, outside the transaction; reads and writes then go on, and "
        f"{op.partition} keeps its bounds as a CHECK:",
        code=executed(SHORT_WAIT, step.sql) if refused else None,
        fix=None if refused else Fix("Detach the partition concurrently", (_concurrently(step),), safe=False),
    )


def _concurrently(step: RecordedOp) -> FixStep:
    """Return the fix. It is not the same schema: the former partition is left with a CHECK of its bounds."""
    return FixStep((ExecuteSQLOp(f"{step.sql} CONCURRENTLY"),), autocommit=True)
