"""A schema change that waits for an open transaction makes everybody else wait behind it, for hours.

What it flags
    The first change of an existing table in a revision that sets no short `lock_wait_timeout`, where the runner sets
    none either.
Why it hurts
    Every ALTER TABLE needs the table's metadata lock for itself for a moment. One forgotten transaction that has read
    the table holds it up, and all later queries queue behind the ALTER. The limit of that wait is a day on MariaDB
    (measured on 10.11.19) and a year on MySQL.
Example
    On mariadb:10.11:

        # lock_timeout = False
        op.add_column("account", sa.Column("plan", sa.String(20)))
Instead
    Give up soon, and try again:

        op.execute("SET SESSION lock_wait_timeout = 5")
        op.add_column("account", sa.Column("plan", sa.String(20)))
When it is fine
    `flask db upgrade` runs the revision: it sets `SCHEMA_LOCK_TIMEOUT` before each statement and tries again. MariaDB's
    `ALTER TABLE … WAIT n` and NOWAIT do the same for one statement.
References
    MySQL manual, "Metadata Locking" and `lock_wait_timeout`; strong_migrations, "Lock timeouts".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.variables import value_of
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-missing-lock-wait-timeout", severity=Severity.ERROR, engines=MYSQL_FAMILY, scope="revision"
)
# Seconds; what waits longer than this is noticed by everybody.
_LONGEST = 60


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag the first change that may wait without end."""
    if around.environment.lock_timeout:
        return
    steps = around.recording.operations
    for number, step in enumerate(steps):
        if _waits(step, number, around) and not _is_limited(step, steps[:number]):
            yield around.finding(
                step,
                f"If a transaction that has read {step.table} is open, this waits for it, up to "
                f"{'a day' if around.server.engine == 'mariadb' else 'a year'}, and every query on {step.table} waits "
                "behind it.",
                "Limit the wait before the first change:",
                code='op.execute("SET SESSION lock_wait_timeout = 5")',
            )
            return


def _waits(step: RecordedOp, number: int, around: Surroundings) -> bool:
    """True if the step needs the metadata lock of a table that others use."""
    if around.is_new(step.table) or number >= len(around.all_effects):
        return False
    return any(effect.table == step.table and effect.algorithm for effect in around.all_effects[number])


def _is_limited(step: RecordedOp, earlier: tuple[RecordedOp, ...]) -> bool:
    if step.clauses.keys() & {"wait", "nowait"}:
        return True
    value = (value_of("lock_wait_timeout", step, earlier) or "").strip("'\"")
    return value.isdecimal() and int(value) <= _LONGEST
