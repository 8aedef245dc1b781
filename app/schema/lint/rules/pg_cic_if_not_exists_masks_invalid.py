"""IF NOT EXISTS takes the invalid rest of a failed build for the index, which no query then uses.

What it flags
    `op.create_index(…, postgresql_concurrently=True, if_not_exists=True)` or `CREATE INDEX CONCURRENTLY IF NOT EXISTS`,
    unless the revision drops an index of that name before.
Why it hurts
    A concurrent build that is cut short leaves an INVALID index behind: every write maintains it, no query uses it, and
    a unique one holds nothing. The next run finds the name and reports success (measured on PostgreSQL 15.18).
Example
    On postgresql:15:

        with op.get_context().autocommit_block():
            op.create_index(
                "ix_account_name", "account", ["name"], postgresql_concurrently=True, if_not_exists=True
            )
Instead
    Drop what a failed build left, then build:

        with op.get_context().autocommit_block():
            op.drop_index("ix_account_name", table_name="account", if_exists=True, postgresql_concurrently=True)
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
When it is fine
    Something else looks for invalid indexes: `SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid`.
References
    PostgreSQL manual, CREATE INDEX, "Building Indexes Concurrently"; strong_migrations, `remove_invalid_indexes`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreateIndexOp, DropIndexOp

from ...core.concurrent import create_concurrently
from ...core.finding import Finding, Fix, FixStep, Severity
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-cic-if-not-exists-masks-invalid",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(CreateIndexOp,),
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a concurrent build that is content with whatever has the name."""
    op = step.as_(CreateIndexOp)
    if not op.kw.get("postgresql_concurrently") or not op.if_not_exists:
        return
    drops = (other.op for other in around.earlier if isinstance(other.op, DropIndexOp))
    if any(drop.index_name == op.index_name for drop in drops):
        return
    holds = f"duplicates get into {step.table}" if op.unique else f"no query on {step.table} uses it"
    yield around.finding(
        step,
        f"If an earlier build of {op.index_name} was cut short, IF NOT EXISTS takes its invalid rest for the index and "
        f"reports success: {holds}, and every write still pays for it.",
        "Drop what a failed build left, then build without IF NOT EXISTS:",
        fix=Fix("Drop an invalid rest before building", (FixStep(create_concurrently(op), autocommit=True),)),
    )
