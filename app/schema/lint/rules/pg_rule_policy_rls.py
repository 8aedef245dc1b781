"""Row security, policies, rules and owners change under a lock that waits for every query of the table.

What it flags
    CREATE, ALTER and DROP of policies and rules, switching row level security on or off, and OWNER TO, on a table
    that existed before the revision, without a `lock_timeout` set in the revision; and row level security that is
    switched on before a policy exists.
Why it hurts
    ACCESS EXCLUSIVE: while the statement waits for one long query, every read and write of the table waits behind it.
    With row level security and no policy, everybody but the owner sees no rows at all, without an error.
Example
    On postgresql:15:

        op.execute("ALTER TABLE shelf ENABLE ROW LEVEL SECURITY")
Instead
    Make the policy first, and give up after a short while:

        op.execute("SET LOCAL lock_timeout = '2s'")
        op.execute("CREATE POLICY everybody ON shelf USING (true)")
        op.execute("ALTER TABLE shelf ENABLE ROW LEVEL SECURITY")
When it is fine
    The table was created in the same revision, or a `lock_timeout` holds and the policy is there.
References
    PostgreSQL manual, "Row Security Policies"; measured on PostgreSQL 15.18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.ops import TableOptionOp, TableRuleOp
from ...core.source import SHORT_WAIT, executed
from ...core.timeouts import limit_in_force
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-rule-policy-rls", severity=Severity.WARNING, engines=POSTGRESQL, ops=(TableOptionOp, TableRuleOp)
)
_VERBS = {"create": "Creating", "replace": "Replacing", "alter": "Changing", "drop": "Dropping"}


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag what changes who may see or change which rows."""
    what = _what(step)
    if what is None:
        return
    waits = limit_in_force("lock_timeout", step, around.earlier) is None
    hides = _hides_all(step, around)
    if not waits and not hides:
        return
    hidden = (
        f" {step.table} has no policy that the history shows: everybody but its owner then sees no rows, without an "
        "error."
    )
    yield around.finding(
        step,
        f"{what} waits for every query that runs on {step.table}, and every read and write of {step.table} waits "
        f"behind it.{hidden if hides else ''}",
        "Make the policy before, and give up after a short while:"
        if hides
        else "Give up after a short while:",
        code=executed(SHORT_WAIT, f"CREATE POLICY … ON {step.table} USING (…)" if hides else None, step.sql),
    )


def _what(step: RecordedOp) -> str | None:
    op = step.op
    if isinstance(op, TableRuleOp):
        return f"{_VERBS.get(op.action, 'Changing')} {op.kind} {op.name}"
    if isinstance(op, TableOptionOp) and op.option == "row level security":
        return (op.value or "ROW LEVEL SECURITY").capitalize()
    if isinstance(op, TableOptionOp) and op.option == "owner":
        return f"Giving {step.table} to {op.value}"
    return None


def _hides_all(step: RecordedOp, around: Surroundings) -> bool:
    """True if row level security is switched on while the history shows no policy and no later one follows."""
    op, table = step.op, around.table(step)
    if not isinstance(op, TableOptionOp) or not (op.value or "").startswith("ENABLE"):
        return False
    if op.option != "row level security" or table is None or table.policies:
        return False
    later = (s for s in around.following if s.transaction == step.transaction and s.table == step.table)
    return not any(isinstance(s.op, TableRuleOp) and s.op.action == "create" for s in later)
