"""A long lock timeout lets the whole site wait that long behind one statement.

What it flags
    `lock_timeout` set to more than ten seconds, or to 0 (no limit), by a revision that then takes a lock which keeps
    writers or readers out of a table that existed before.
Why it hurts
    While the statement waits for its lock, everybody who comes after waits behind it. The timeout is how long the site
    stands still when one old transaction is in the way.
Example
    On postgresql:15:

        op.execute("SET lock_timeout = '1min'")
        op.add_column("account", sa.Column("plan", sa.String(20)))
Instead
    Wait briefly, and run the revision again if it did not get its turn:

        op.execute("SET lock_timeout = '2s'")
        op.add_column("account", sa.Column("plan", sa.String(20)))
When it is fine
    The application is down, or the timeout is for CREATE INDEX CONCURRENTLY alone (not flagged).
References
    strong_migrations, `lock_timeout_limit`; PostgreSQL manual, `lock_timeout`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.holding import strong_locks
from ...core.ops import SettingOp
from ...core.timeouts import in_force, milliseconds
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(id="pg-lock-timeout-too-long", severity=Severity.WARNING, engines=POSTGRESQL, scope="revision")
LONGEST = 10_000
"""Milliseconds that people wait before they call a site down."""


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag each setting under which a strong lock is waited for too long."""
    steps = around.recording.operations
    told: list[RecordedOp] = []
    if not any(isinstance(step.op, SettingOp) for step in steps):
        return
    for held in strong_locks(steps, around.all_effects, around.state, around.recording.revision):
        setting = in_force("lock_timeout", held.step, steps[: steps.index(held.step)])
        if setting is None or setting in told or not _is_long(setting.as_(SettingOp).value):
            continue
        told.append(setting)
        value = str(setting.as_(SettingOp).value).strip("' ")
        wait = "without a limit" if milliseconds(value) == 0 else f"for {value}"
        yield around.finding(
            setting,
            f"If a transaction on {held.effect.table} stays open, the change in line {held.step.line} waits {wait}, "
            f"and everybody else waits behind it for {held.effect.table}.",
            "Wait briefly, and run the revision again if it did not get its turn:",
            code="op.execute(\"SET lock_timeout = '2s'\")",
            table=held.effect.table,
            effect=held.effect,
        )


def _is_long(value: str | None) -> bool:
    length = milliseconds(value)
    return length is not None and (length == 0 or length > LONGEST)
