"""Creating or dropping a trigger waits for the transactions of the table, and later ones wait behind it.

What it flags
    CREATE, DROP, RENAME, ENABLE and DISABLE TRIGGER on a table that existed before the revision, without a
    `lock_timeout` set in the revision.
Why it hurts
    CREATE TRIGGER takes SHARE ROW EXCLUSIVE: while it waits for one long transaction, every write waits behind it,
    and then until the revision commits. DROP and RENAME take ACCESS EXCLUSIVE, which keeps readers waiting too. A
    trigger that is switched off does nothing for the rows written meanwhile.
Example
    On postgresql:15:

        op.execute("CREATE TRIGGER stamp BEFORE UPDATE ON shelf FOR EACH ROW EXECUTE FUNCTION stamp()")
Instead
    Give up after a short while, and have nothing slow in the same revision:

        op.execute("SET LOCAL lock_timeout = '2s'")
        op.execute("CREATE TRIGGER stamp BEFORE UPDATE ON shelf FOR EACH ROW EXECUTE FUNCTION stamp()")
When it is fine
    The table was created in the same revision, or a `lock_timeout` holds.
References
    PostgreSQL manual, CREATE TRIGGER; GitLab, "Migration style guide"; measured on PostgreSQL 15.18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.ops import TableOptionOp, TriggerOp
from ...core.source import SHORT_WAIT, executed
from ...core.timeouts import limit_in_force
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-create-trigger", severity=Severity.WARNING, engines=POSTGRESQL, ops=(TriggerOp, TableOptionOp)
)
_VERBS = {"create": "Creating", "replace": "Replacing", "drop": "Dropping", "rename": "Renaming"}
_SWITCHES = {"enable trigger": "Enabling", "disable trigger": "Disabling"}


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a trigger of a table in use."""
    op = step.op
    if isinstance(op, TriggerOp):
        verb, name = _VERBS[op.action], op.name
    elif isinstance(op, TableOptionOp) and op.option in _SWITCHES:
        verb, name = _SWITCHES[op.option], op.value or ""
    else:
        return
    if limit_in_force("lock_timeout", step, around.earlier) is not None:
        return
    reads = verb in ("Dropping", "Renaming")
    gap = " Rows that are written while it is off bypass it." if verb == "Disabling" else ""
    yield around.finding(
        step,
        f"{verb} trigger {name} waits for every {'query' if reads else 'transaction that writes'} on {step.table}, and "
        f"every {'read and write' if reads else 'write'} of {step.table} waits behind it, then until the revision "
        f"commits.{gap}",
        "Give up after a short while, and have nothing slow in the same revision:",
        code=executed(SHORT_WAIT, step.sql),
    )
