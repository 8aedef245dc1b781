"""In one transaction for all revisions, the locks of the first are kept until the last is done.

What it flags
    A revision that keeps writers or readers out of a table which existed before, where all pending revisions run in
    one transaction: `env.py` without `transaction_per_migration=True`.
Why it hurts
    PostgreSQL keeps every lock until the transaction ends. A column that is added in a millisecond shuts its table
    until the backfill three revisions later is done; and a failure at the end takes everything back.
Example
    On postgresql:15:

        # transaction_per_migration = False
        op.add_column("account", sa.Column("plan", sa.String(20)))
Instead
    Give each revision a transaction of its own in `migrations/env.py`, as `flask db init` writes it:
    `context.configure(…, transaction_per_migration=True)`.
When it is fine
    Revisions are always applied one at a time.
References
    Alembic, `EnvironmentContext.configure`, `transaction_per_migration`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.holding import strong_locks
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..rule import Surroundings

RULE = Rule(id="pg-all-revisions-one-tx", severity=Severity.WARNING, engines=POSTGRESQL, scope="revision")


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag the first lock that later revisions prolong."""
    if around.environment.transaction_per_migration:
        return
    steps = around.recording.operations
    locks = strong_locks(steps, around.all_effects, around.state, around.recording.revision)
    held = next((held for held in locks if not held.step.autocommit), None)
    if held is None:
        return
    who = "read or write" if held.effect.lock == "ACCESS EXCLUSIVE" else "write"
    yield around.finding(
        held.step,
        f"Nobody can {who} {held.effect.table} from here until every revision that `flask db upgrade` runs "
        "with this one is done: they share a transaction.",
        "Give each revision a transaction of its own in migrations/env.py:",
        code="context.configure(..., transaction_per_migration=True)",
        table=held.effect.table,
        effect=held.effect,
    )
