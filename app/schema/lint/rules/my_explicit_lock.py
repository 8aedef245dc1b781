"""The statement itself asks for a lock that keeps writers, or readers too, waiting until it is done.

What it flags
    `LOCK=SHARED` and `LOCK=EXCLUSIVE` in ALTER TABLE, CREATE INDEX or DROP INDEX, and `LOCK TABLES … WRITE`.
Why it hurts
    SHARED blocks every INSERT, UPDATE and DELETE for as long as the statement takes, EXCLUSIVE reads too, even where
    the server could do the work while everybody goes on.
Example
    On mariadb:10.11:

        op.execute("CREATE INDEX ix_account_name ON account (name) LOCK=SHARED")
Instead
    Ask for no lock, so that the server refuses if it cannot do without:

        op.execute("CREATE INDEX ix_account_name ON account (name) LOCK=NONE")
When it is fine
    The table was created in the same revision, or writers have to be kept out for the change to be right.
References
    MySQL manual, ALTER TABLE, "Concurrency Control"; strong_migrations lock_option.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic.operations.ops import ExecuteSQLOp, MigrateOperation

from ...core.effect import Blocks
from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.ops import LockTableOp
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-explicit-lock",
    severity=Severity.ERROR,
    engines=MYSQL_FAMILY,
    ops=(MigrateOperation,),
    fixable=True,
    supersedes=("my-copy-algorithm",),
)
_WAITING = {
    "SHARED": "every INSERT, UPDATE and DELETE on {} waits",
    "EXCLUSIVE": "everybody who reads or writes {} waits",
}


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a lock that was asked for."""
    if isinstance(step.op, LockTableOp):
        yield from _locked_tables(step, step.op, around)
        return
    lock, effect = step.clauses.get("lock", "").upper(), around.effect_on(step.table)
    if lock not in _WAITING or (effect is not None and effect.blocks < Blocks.WRITES):
        return
    waiting = _WAITING[lock].format(f"{step.table}{around.size(step.table)}")
    yield around.finding(
        step,
        f"Because of LOCK={lock} {waiting} until the statement is done, which takes longer the more rows there are.",
        "Ask for LOCK=NONE: the server then refuses at once if it cannot do without a lock:",
        fix=_without_lock(step, lock, around),
    )


def _locked_tables(step: RecordedOp, op: LockTableOp, around: Surroundings) -> Iterator[Finding]:
    for table in op.tables:
        if "WRITE" in op.mode.upper() and not around.is_new(table):
            yield around.finding(
                step,
                f"LOCK TABLES … WRITE keeps everybody who reads or writes {table}{around.size(table)} waiting until "
                "UNLOCK TABLES, or until the connection ends if the revision fails.",
                "Leave the lock out, and change the rows in batches that each lock only their own.",
                table=table,
            )


def _without_lock(step: RecordedOp, lock: str, around: Surroundings) -> Fix | None:
    """Return the statement with LOCK=NONE, if nothing else stands in the same call."""
    together = [other for other in around.recording.operations if other.line == step.line]
    if step.sql is None or any(other.statement != step.statement for other in together):
        return None
    sql = re.sub(rf"\bLOCK\s*=?\s*{lock}\b", "LOCK=NONE", step.sql, flags=re.IGNORECASE)
    return Fix("Ask for LOCK=NONE", (FixStep((ExecuteSQLOp(sql.strip()),)),), safe=False)
