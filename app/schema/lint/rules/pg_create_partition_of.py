"""CREATE TABLE … PARTITION OF locks the partitioned table, and reads its default partition to the end.

What it flags
    A partition that is created on a table which existed before the revision.
Why it hurts
    ACCESS EXCLUSIVE is taken on the parent: the statement waits for every query of any partition, and every later
    query waits behind it. A default partition is locked too and read as a whole.
Example
    On postgresql:15:

        op.execute("CREATE TABLE visit_2026 PARTITION OF visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')")
Instead
    Create a plain table and attach it, which lets reads and writes of the parent go on:

        op.execute("CREATE TABLE visit_2026 (LIKE visit INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
        op.execute("ALTER TABLE visit ATTACH PARTITION visit_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')")
When it is fine
    The partitioned table was created in the same revision.
References
    PostgreSQL manual, CREATE TABLE, "PARTITION OF" and "Partition Maintenance"; measured on PostgreSQL 15.18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.ops import CreatePartitionOp
from ...core.partition_bounds import bounds_of
from ...core.source import executed
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-create-partition-of", severity=Severity.WARNING, engines=POSTGRESQL, ops=(CreatePartitionOp,)
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a partition of a table that is in use."""
    op, parent = step.as_(CreatePartitionOp), around.table(step)
    default = parent.default_partition if parent else None
    reads = f", and reads every row of {default}{around.size(default)}" if default else ""
    yield around.finding(
        step,
        f"Creating {op.partition} in this way locks {step.table}{reads}: it waits for every query that runs on "
        f"{step.table}, and every new query waits behind it.",
        f"Create a plain table and attach it; reads and writes of {step.table} go on then:",
        code=_code(step, op),
    )


def _code(step: RecordedOp, op: CreatePartitionOp) -> str:
    bounds = "DEFAULT" if op.default else f"FOR VALUES {bounds_of(step.sql or '')}"
    return executed(
        f"CREATE TABLE {op.partition} (LIKE {step.table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)",
        f"ALTER TABLE {step.table} ATTACH PARTITION {op.partition} {bounds}",
    )
