"""Without a statement timeout, a scan or a change of rows that takes longer than expected is not stopped.

What it flags
    The first statement of a revision that reads, writes anew or indexes a whole table which existed before, without a
    `statement_timeout` (or `transaction_timeout`, from version 17 on) in the revision. Off unless asked for.
Why it hurts
    A statement that is estimated at seconds can take hours on the real table; its locks stay all the time.
Example
    On postgresql:15:

        allow = {"unbatched-backfill account": "some thousand old rows"}
        op.execute("UPDATE account SET active = true WHERE created_at < '2020-01-01'")
Instead
    Say how long it may take:

        op.execute("SET LOCAL statement_timeout = '5min'")
        op.execute("UPDATE account SET active = true WHERE id BETWEEN 1 AND 1000")
When it is fine
    The statement blocks nobody: CREATE INDEX CONCURRENTLY and VALIDATE CONSTRAINT should be left to end.
References
    PostgreSQL manual, `statement_timeout`, `transaction_timeout`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.concurrent import is_concurrent
from ...core.finding import Finding, Severity
from ...core.ops import ValidateConstraintOp
from ...core.timeouts import limit_in_force
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-missing-statement-timeout",
    severity=Severity.WARNING,
    engines=POSTGRESQL,
    scope="revision",
    default=False,
)


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag the first statement whose time grows and that nothing limits."""
    for number, (step, effects) in enumerate(
        zip(around.recording.operations, around.all_effects, strict=False)
    ):
        grows = next((effect for effect in effects if effect.grows and not around.is_new(effect.table)), None)
        if grows is None or is_concurrent(step.op) or isinstance(step.op, ValidateConstraintOp):
            continue
        if _is_limited(step, number, around):
            continue
        local = "" if step.autocommit else "LOCAL "
        yield around.finding(
            step,
            f"Nothing stops this statement if {grows.table}{around.size(grows.table)} is larger than expected; what it "
            "has locked stays locked all the time.",
            "Say before it how long it may take:",
            code=f"op.execute(\"SET {local}statement_timeout = '5min'\")",
            table=grows.table,
            effect=grows,
        )
        return


def _is_limited(step: RecordedOp, number: int, around: Surroundings) -> bool:
    names = ["statement_timeout", *(["transaction_timeout"] if around.server.at_least(17) else [])]
    earlier = around.recording.operations[:number]
    return any(limit_in_force(name, step, earlier) is not None for name in names)
