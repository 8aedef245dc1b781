"""A failure in a later revision leaves earlier ones half done: the block commits everything that ran before it.

What it flags
    `autocommit_block()` where all pending revisions run in one transaction, because `env.py` does not set
    `transaction_per_migration=True`.
Why it hurts
    The block first commits what has run so far: earlier revisions, and the half of this one that stands above it. What
    was meant to happen as a whole, or not at all, is then split at an arbitrary place (measured with Alembic 1.20.1).
Example
    On postgresql:15:

        # transaction_per_migration = False
        with op.get_context().autocommit_block():
            op.execute("VACUUM account")
Instead
    Give each revision its own transaction: `context.configure(…, transaction_per_migration=True)` in `env.py`.
When it is fine
    The revision is always applied alone.
References
    Alembic, `EnvironmentContext.configure.transaction_per_migration`; Flask-Migrate's `env.py` does not set it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import MigrateOperation

from ...core.finding import Finding, Severity
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="autocommit-without-tx-per-migration",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(MigrateOperation,),
    new_tables=True,
    aliases=("pg-autocommit-splits-tx",),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag the first operation in an autocommit block."""
    first = step.autocommit and not any(other.autocommit for other in around.earlier)
    if first and not around.environment.transaction_per_migration:
        yield around.finding(
            step,
            "The autocommit block commits every pending revision that ran before it, and the part of "
            f"{around.recording.revision} that stands above it: if anything fails later, they stay half done.",
            "Give each revision a transaction of its own, in env.py:",
            code="context.configure(\n    connection=connection,\n    target_metadata=target_metadata,\n"
            "    transaction_per_migration=True,\n)",
        )
