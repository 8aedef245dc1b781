"""Without a lock timeout, one forgotten transaction lets the revision, and the whole site behind it, wait for hours.

What it flags
    The first statement of a revision that keeps writers or readers out of a table which existed before, where neither
    `flask db upgrade` nor the revision sets a `lock_timeout`. With the runner of this project it is always set.
Why it hurts
    A statement that needs a strong lock waits for every open transaction on the table, and all later queries queue up
    behind it: a reader stood 1.7 s behind a waiting ALTER TABLE (measured on PostgreSQL 15.18). Without a limit this
    lasts as long as the oldest transaction.
Example
    On postgresql:15:

        # lock_timeout = False
        op.add_column("account", sa.Column("plan", sa.String(20)))
Instead
    Set a short limit and run the revision again if it strikes:

        op.execute("SET LOCAL lock_timeout = '2s'")
        op.add_column("account", sa.Column("plan", sa.String(20)))
When it is fine
    The role or the database has a default (`ALTER ROLE … SET lock_timeout`).
References
    PostgreSQL manual, `lock_timeout`; squawk, `require-timeout-settings`; eugene E9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.holding import strong_locks
from ...core.timeouts import limit_in_force
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..rule import Surroundings

RULE = Rule(id="pg-missing-lock-timeout", severity=Severity.WARNING, engines=POSTGRESQL, scope="revision")


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag the first strong lock that is waited for without a limit."""
    if around.environment.lock_timeout:
        return
    steps = around.recording.operations
    for held in strong_locks(steps, around.all_effects, around.state, around.recording.revision):
        if limit_in_force("lock_timeout", held.step, steps[: steps.index(held.step)]) is not None:
            continue
        local = "" if held.step.autocommit else "LOCAL "
        yield around.finding(
            held.step,
            f"If a transaction on {held.effect.table} stays open, this statement waits for it without a limit, and "
            f"everybody else waits behind for {held.effect.table}.",
            "Set a limit before it, and run the revision again if it strikes:",
            code=f"op.execute(\"SET {local}lock_timeout = '2s'\")",
            table=held.effect.table,
            effect=held.effect,
        )
        return
