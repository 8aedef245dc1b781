"""A lock timeout cuts a concurrent build short and leaves an invalid index behind.

What it flags
    `CREATE INDEX CONCURRENTLY` or `REINDEX CONCURRENTLY` while a `lock_timeout` of less than ten minutes holds that the
    revision itself has set. What `flask db upgrade` sets is lifted for these statements and is not flagged.
Why it hurts
    The build waits for every transaction that was open when it began. If the timeout strikes, the revision fails and an
    INVALID index stays: writes maintain it, no query uses it (measured on PostgreSQL 15.18, with an open writer and
    with an old snapshot on another table).
Example
    On postgresql:15:

        op.execute("SET lock_timeout = '2s'")
        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
Instead
    Lift the timeout: waiting blocks nobody here.

        with op.get_context().autocommit_block():
            op.execute("SET lock_timeout = 0")
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
When it is fine
    Invalid indexes are looked for and dropped after a failure.
References
    PostgreSQL manual, CREATE INDEX, "Building Indexes Concurrently"; GitLab, "Migration style guide".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreateIndexOp

from ...core.concurrent import is_concurrent, name_of
from ...core.finding import Finding, FixStep, Severity
from ...core.ops import ReindexOp
from ...core.timeouts import LONG_ENOUGH, limit_in_force
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-cic-lock-timeout", severity=Severity.WARNING, engines=POSTGRESQL, ops=(CreateIndexOp, ReindexOp)
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a concurrent build under a lock timeout."""
    limit = limit_in_force("lock_timeout", step, around.earlier) if is_concurrent(step.op) else None
    if limit is None or limit.milliseconds >= LONG_ENOUGH:
        return
    code = around.render((FixStep((step.op,), autocommit=True),))
    first, _, rest = code.partition("\n")
    yield around.finding(
        step,
        f"A transaction that stays open longer than the lock_timeout of {limit.written} (line {limit.line}) cuts the "
        f"build of {name_of(step.op)} short and leaves an invalid index: every write maintains it, no query uses it.",
        "Lift the timeout for this statement; while it waits it blocks nobody:",
        code=f'{first}\n    op.execute("SET lock_timeout = 0")\n{rest}',
    )
