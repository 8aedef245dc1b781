"""PostgreSQL refuses CONCURRENTLY inside a transaction, so the revision fails.

What it flags
    `postgresql_concurrently=True`, or `CREATE`, `DROP` and `REINDEX INDEX CONCURRENTLY` and `DETACH PARTITION …
    CONCURRENTLY`, outside an `autocommit_block()`.
Why it hurts
    Alembic runs a revision inside a transaction. The statement is refused there ("cannot run inside a transaction
    block"), on an empty database as on a full one.
Example
    On postgresql:15:

        op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
Instead
    Leave the transaction for this statement:

        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
When it is fine
    env.py opens the connection with AUTOCOMMIT and begins no transaction.
References
    Alembic, `MigrationContext.autocommit_block`; PostgreSQL manual, CREATE INDEX.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreateIndexOp, DropIndexOp

from ...core.concurrent import is_concurrent
from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.ops import DetachPartitionOp, ReindexOp, TransactionOp
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-concurrent-in-transaction",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(CreateIndexOp, DropIndexOp, ReindexOp, DetachPartitionOp),
    new_tables=True,
    fixable=True,
)
_VERBS = {CreateIndexOp: "CREATE INDEX", DropIndexOp: "DROP INDEX", ReindexOp: "REINDEX"}


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a concurrent operation in a transaction."""
    if not is_concurrent(step.op) or step.autocommit or _committed_by_hand(around):
        return
    name = getattr(step.op, "index_name", None) or getattr(step.op, "name", None)
    what = f"{_VERBS.get(type(step.op), 'DETACH PARTITION')} CONCURRENTLY"
    yield around.finding(
        step,
        f"The revision fails: PostgreSQL refuses {what}{f' {name}' if name else ''} inside a transaction, and Alembic "
        "has begun one.",
        "Leave the transaction for this statement:",
        fix=Fix("Run it outside the transaction", (FixStep((step.op,), autocommit=True),)),
    )


def _committed_by_hand(around: Surroundings) -> bool:
    """True if the revision has ended the transaction itself, which is a hazard of its own."""
    controls = [other.op for other in around.earlier if isinstance(other.op, TransactionOp)]
    return bool(controls) and controls[-1].kind in ("commit", "rollback")
