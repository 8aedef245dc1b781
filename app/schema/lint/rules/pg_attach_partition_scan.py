"""Attaching a partition reads all its rows while nobody can read or write it, and the default partition too.

What it flags
    `ALTER TABLE … ATTACH PARTITION` of a table that has rows and no validated CHECK with the bounds of the partition,
    or to a table with a default partition that was there before the revision.
Why it hurts
    The parent stays usable (SHARE UPDATE EXCLUSIVE since version 12), but PostgreSQL takes ACCESS EXCLUSIVE on the
    attached table and on the default partition and reads both, to see that each row is where it belongs.
Example
    On postgresql:15:

        op.execute("ALTER TABLE visit ATTACH PARTITION shelf FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')")
Instead
    Say what the rows are before, first for new rows:

        op.execute(
            "ALTER TABLE visit_old ADD CONSTRAINT ck_day CHECK "
            "(day IS NOT NULL AND day >= '2026-01-01' AND day < '2027-01-01') NOT VALID"
        )

    Validate it, which blocks nobody:

        op.execute("ALTER TABLE visit_old VALIDATE CONSTRAINT ck_day")

    Then nothing is left to be read:

        op.execute("ALTER TABLE visit ATTACH PARTITION visit_old FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')")
When it is fine
    The partition was created in the same revision and there is no default partition, or the CHECKs prove the bounds.
References
    PostgreSQL manual, "Partition Maintenance"; measured on PostgreSQL 15.18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.ops import AttachPartitionOp
from ...core.partition_bounds import bounds_of, proves_bounds
from ...core.source import executed
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-attach-partition-scan",
    severity=Severity.WARNING,
    engines=POSTGRESQL,
    ops=(AttachPartitionOp,),
    new_tables=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag tables that have to be read."""
    op = step.as_(AttachPartitionOp)
    parent = around.table(step)
    read = [name for name in (op.partition, parent.default_partition if parent else None) if name]
    read = [name for name in read if not _is_spared(name, step, around)]
    if not read:
        return
    tables = " and ".join(f"{name}{around.size(name)}" for name in read)
    yield around.finding(
        step,
        f"Attaching {op.partition} to {step.table} reads every row of {tables}; nobody can read or write "
        f"{'it' if len(read) == 1 else 'them'} until that is done.",
        f"Let a CHECK on {read[0]} prove it before, NOT VALID first and validated in a revision of its own:",
        code=_code(read[0], step, around),
        effect=around.effect_on(read[0]),
    )


def _is_spared(table: str, step: RecordedOp, around: Surroundings) -> bool:
    return around.is_new(table) or proves_bounds(around.state.table(table), step.sql or "")


def _code(table: str, step: RecordedOp, around: Surroundings) -> str:
    condition = "… the rows that the partition may hold, and IS NOT NULL …"
    if table == step.as_(AttachPartitionOp).partition and (bounds := bounds_of(step.sql or "")):
        condition = f"… as in {bounds}, and IS NOT NULL …"
    name = f"ck_{table.rpartition('.')[2]}_bounds"
    return "\n".join([
        executed(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID"),
        f"# revision 2, after {around.recording.revision}",
        executed(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}"),
        "# revision 3",
        executed(step.sql),
    ])  # fmt: skip
