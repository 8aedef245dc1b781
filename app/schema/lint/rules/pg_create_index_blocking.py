"""Building an index blocks every write to the table until the build is done.

What it flags
    `op.create_index` or `CREATE INDEX` without CONCURRENTLY on a table or materialized view that existed before the
    revision.
Why it hurts
    PostgreSQL takes a SHARE lock on the table for the whole build: INSERT, UPDATE and DELETE wait, reads do not
    (measured on PostgreSQL 15.18). The time grows with the table; a hundred million rows take minutes.
Example
    On postgresql:15:

        op.create_index("ix_account_name", "account", ["name"])
Instead
    Build it concurrently, outside the transaction:

        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
When it is fine
    The table was created in the same revision, or nobody writes to it while the revision runs.
References
    PostgreSQL manual, CREATE INDEX, "Building Indexes Concurrently".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreateIndexOp

from ...core.concurrent import create_concurrently
from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.ops import ViewOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-create-index-blocking",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(CreateIndexOp,),
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag an index that is built inside the lock."""
    op = step.as_(CreateIndexOp)
    if op.kw.get("postgresql_concurrently") or _is_partitioned(step, around) or _is_new_view(step, around):
        return
    yield around.finding(
        step,
        f"Building index {op.index_name or 'without a name'} blocks every INSERT, UPDATE and DELETE on {step.table}"
        f"{around.size(step.table)} until the whole table has been read; reads go on.",
        "Build it concurrently, outside the transaction; writes then go on:",
        fix=Fix("Build the index concurrently", (FixStep(create_concurrently(op), autocommit=True),)),
    )


def _is_partitioned(step: RecordedOp, around: Surroundings) -> bool:
    """A partitioned table has a hazard of its own: CONCURRENTLY is refused there."""
    table = around.table(step)
    return table is not None and table.partitioned


def _is_new_view(step: RecordedOp, around: Surroundings) -> bool:
    """True for an index on a materialized view that the same revision created: nobody reads it yet."""
    made = (s.op for s in around.earlier if isinstance(s.op, ViewOp) and s.op.action == "create")
    return any(step.table == (f"{op.schema}.{op.name}" if op.schema else op.name) for op in made)
