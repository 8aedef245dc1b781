"""An index on a partitioned table locks all partitions for the whole build, and cannot be built concurrently.

What it flags
    `CREATE INDEX` on a partitioned table that existed before the revision, without ONLY; and `CONCURRENTLY` on any
    partitioned table, which PostgreSQL refuses.
Why it hurts
    PostgreSQL takes SHARE on the parent and on every partition until the last index is built: nobody writes to any of
    them (measured on PostgreSQL 15.18).
Example
    On postgresql:15:

        op.execute("CREATE TABLE event (id bigint, day date) PARTITION BY RANGE (day)")
        op.execute("CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')")
        with op.get_context().autocommit_block():
            op.create_index("ix_event_day", "event", ["day"], postgresql_concurrently=True)
Instead
    Make the index of the parent alone, which is invalid at first, build one for each partition concurrently, and attach
    them; the parent's index becomes valid with the last one. On postgresql:15 that is, for the index of a new table:

        op.execute("CREATE TABLE event (id bigint, day date) PARTITION BY RANGE (day)")
        op.execute("CREATE INDEX ix_event_day ON ONLY event (day)")
When it is fine
    The table was created in the same revision.
References
    PostgreSQL manual, "Table Partitioning", best practices for indexes.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from alembic.operations.ops import CreateIndexOp

from ...core.finding import Finding, FixStep, Severity
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import TableState
    from ..rule import Surroundings

RULE = Rule(
    id="pg-index-partitioned-parent",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(CreateIndexOp,),
    new_tables=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag an index of a partitioned table."""
    op, table = step.as_(CreateIndexOp), around.table(step)
    if table is None or not table.partitioned:
        return
    concurrently = bool(op.kw.get("postgresql_concurrently"))
    if not concurrently and ("only" in step.clauses or around.is_new(step.table)):
        return
    yield around.finding(
        step,
        f"The revision fails: PostgreSQL cannot build an index on the partitioned table {step.table} concurrently."
        if concurrently
        else f"Building {op.index_name} blocks every INSERT, UPDATE and DELETE on {step.table} and on all its "
        f"partitions{around.size(step.table)} until the last of them has been read.",
        f"Make the index of {step.table} alone, build one for each partition concurrently, and attach them:",
        code=_steps(op, table, around),
    )


def _steps(op: CreateIndexOp, table: TableState, around: Surroundings) -> str:
    partitions = table.partitions or [f"{op.table_name}_2026"]
    names = {partition: f"{op.index_name}_{partition.rpartition('.')[2]}" for partition in partitions}
    builds = FixStep(tuple(_on(op, partition, name) for partition, name in names.items()), autocommit=True)
    columns = ", ".join(str(column) for column in op.columns)
    unique = "UNIQUE " if op.unique else ""
    lines = [
        f'op.execute("CREATE {unique}INDEX {op.index_name} ON ONLY {table.key} ({columns})")',
        f"# revision 2, after {around.recording.revision}: every partition",
        around.render((builds,)),
        *(f'op.execute("ALTER INDEX {op.index_name} ATTACH PARTITION {name}")' for name in names.values()),
    ]
    return "\n".join(lines)


def _on(op: CreateIndexOp, partition: str, name: str) -> CreateIndexOp:
    schema, _, table = partition.rpartition(".")
    changed = copy(op)
    changed.table_name, changed.schema, changed.index_name = table, schema or op.schema, name
    changed.if_not_exists = None
    changed.kw = {**op.kw, "postgresql_concurrently": True}
    return changed
