"""Adding a CHECK reads the whole table while nobody can read or write it.

What it flags
    A CHECK constraint that is added to a table which existed before the revision, without NOT VALID.
Why it hurts
    ACCESS EXCLUSIVE stays until every row has been tested, and everybody who comes later queues behind it.
Example
    On postgresql:15:

        op.create_check_constraint("ck_account_age", "account", "age >= 0")
Instead
    Add it NOT VALID, which holds for new rows at once, and test the old rows while everybody goes on working:

        op.create_check_constraint("ck_account_age", "account", "age >= 0", postgresql_not_valid=True)
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_account_age")
When it is fine
    The table was created in the same revision, or the constraint is NOT ENFORCED (PostgreSQL 18).
References
    PostgreSQL manual, ALTER TABLE, "ADD table_constraint [ NOT VALID ]"; strong_migrations; squawk
    constraint-missing-not-valid; Atlas PG305.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreateCheckConstraintOp

from ...core.finding import Finding, Fix, Severity
from ...core.online import added_in_steps, added_name, is_not_valid
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-check-validating",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(CreateCheckConstraintOp,),
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a CHECK that is tested under the lock."""
    op = step.as_(CreateCheckConstraintOp)
    if is_not_valid(op) or "not_enforced" in step.clauses:
        return
    name = added_name(op)
    steps = added_in_steps(step, op, name or f"ck_{op.table_name}")
    yield around.finding(
        step,
        f"Adding the CHECK {name or ''}".rstrip() + f" blocks every read and write of {step.table}"
        f"{around.size(step.table)} until all its rows have been tested.",
        "Add it NOT VALID, and test the old rows outside the transaction; everybody then goes on reading and writing:",
        code=around.render(steps),
        fix=Fix("Add the CHECK in two steps", steps) if name else None,
    )
