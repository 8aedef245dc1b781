"""NOT VALID gains nothing if VALIDATE runs in the same transaction: the strong lock is held during the scan.

What it flags
    `VALIDATE CONSTRAINT` in the transaction that added the constraint, on a table which existed before it.
Why it hurts
    The lock of ADD CONSTRAINT (ACCESS EXCLUSIVE for a CHECK, SHARE ROW EXCLUSIVE on both tables for a foreign key)
    lasts until the commit, so the table is blocked while all its rows are read, as if NOT VALID were not there.
Example
    On postgresql:15:

        op.create_check_constraint("ck_account_age", "account", "age >= 0", postgresql_not_valid=True)
        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_account_age")
Instead
    Validate in another transaction: in an autocommit block or in the next revision:

        op.create_check_constraint("ck_account_age", "account", "age >= 0", postgresql_not_valid=True)
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_account_age")
When it is fine
    The table was created in the same revision and is empty.
References
    strong_migrations, "Adding a check constraint"; eugene E4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreateForeignKeyOp

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.online import added_name, is_not_valid
from ...core.ops import ValidateConstraintOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-validate-same-tx",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(ValidateConstraintOp,),
    fixable=True,
    supersedes=("pg-validate-while-locked", "pg-work-after-strong-lock"),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a validation under the lock of the constraint's own ADD."""
    op = step.as_(ValidateConstraintOp)
    added = (s for s in around.same_transaction(step) if s.table == step.table and is_not_valid(s.op))
    adding = next((s for s in added if added_name(s.op) == op.constraint_name), None)
    if adding is None:
        return
    whom = "write" if isinstance(adding.op, CreateForeignKeyOp) else "read and write"
    yield around.finding(
        step,
        f"{op.constraint_name} was added in the same transaction, which still holds that lock: every {whom} of "
        f"{step.table}{around.size(step.table)} waits until all its rows have been read, as without NOT VALID.",
        "Validate outside the transaction:",
        fix=Fix("Validate outside the transaction", (FixStep((op,), autocommit=True),)),
    )
