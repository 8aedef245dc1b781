"""A lock timeout cuts a concurrent drop short and leaves an index that no query uses and every write maintains.

What it flags
    `DROP INDEX CONCURRENTLY` or `DETACH PARTITION … CONCURRENTLY` while a `lock_timeout` of less than ten minutes holds
    that the revision itself has set. What `flask db upgrade` sets is lifted for these statements and is not flagged.
Why it hurts
    The statement first marks the index invalid and then waits for every transaction that may still use it. If the
    timeout strikes, the mark stays: queries have lost the index, writes still pay for it (measured on PostgreSQL
    15.18), until the same statement is run again.
Example
    On postgresql:15:

        op.execute("SET lock_timeout = '2s'")
        with op.get_context().autocommit_block():
            op.drop_index("ix_book_title", table_name="book", postgresql_concurrently=True)
Instead
    Lift the timeout: waiting blocks nobody here.

        with op.get_context().autocommit_block():
            op.execute("SET lock_timeout = 0")
            op.drop_index("ix_book_title", table_name="book", postgresql_concurrently=True)
When it is fine
    Somebody runs the statement again after a failure.
References
    PostgreSQL manual, DROP INDEX, "CONCURRENTLY".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import DropIndexOp

from ...core.concurrent import drop_concurrently, dropped_index, is_concurrent
from ...core.finding import Finding, FixStep, Severity
from ...core.ops import DetachPartitionOp
from ...core.timeouts import LONG_ENOUGH, limit_in_force
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-dic-lock-timeout",
    severity=Severity.WARNING,
    engines=POSTGRESQL,
    ops=(DropIndexOp, DetachPartitionOp),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a concurrent drop under a lock timeout."""
    limit = limit_in_force("lock_timeout", step, around.earlier) if is_concurrent(step.op) else None
    if limit is None or limit.milliseconds >= LONG_ENOUGH:
        return
    what = (
        f"{step.op.index_name} half dropped: no query uses it any more, every write still maintains it"
        if isinstance(step.op, DropIndexOp)
        else f"{getattr(step.op, 'partition', 'the partition')} half detached, until DETACH PARTITION … FINALIZE is run"
    )
    found = dropped_index(step, around.state) if isinstance(step.op, DropIndexOp) else None
    again = (
        drop_concurrently(step.op, found[0].name if found else None)
        if isinstance(step.op, DropIndexOp)
        else step.op
    )
    code = around.render((FixStep((again,), autocommit=True),))
    first, _, rest = code.partition("\n")
    yield around.finding(
        step,
        f"A transaction that stays open longer than the lock_timeout of {limit.written} (line {limit.line}) leaves "
        f"{what}.",
        "Lift the timeout for this statement; while it waits it blocks nobody:",
        code=f'{first}\n    op.execute("SET lock_timeout = 0")\n{rest}',
    )
