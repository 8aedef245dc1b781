"""A constraint that stays NOT VALID says nothing about old rows, so nobody can rely on it.

What it flags
    A constraint that is added NOT VALID and that neither this revision nor a later one validates or drops.
Why it hurts
    Rows that break it may stay for ever; the planner does not use it, SET NOT NULL still reads the whole table, and
    every later update of such a row fails in the application.
Example
    On postgresql:15:

        op.create_check_constraint("ck_account_age", "account", "age >= 0", postgresql_not_valid=True)
Instead
    Validate it outside the transaction, here or in a revision of its own:

        op.create_check_constraint("ck_account_age", "account", "age >= 0", postgresql_not_valid=True)

    The next revision:

        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_account_age")
When it is fine
    Old rows are known to break it and are allowed to.
References
    PostgreSQL manual, ALTER TABLE, "VALIDATE CONSTRAINT"; GitLab, "Add a foreign key constraint".
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.online import NOT_VALID_OPS, added_name, is_not_valid, validation
from ...core.validated import is_settled
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-unvalidated-left-behind",
    severity=Severity.WARNING,
    engines=POSTGRESQL,
    ops=NOT_VALID_OPS,
    new_tables=True,
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag what is added NOT VALID and never validated."""
    name = added_name(step.op)
    if not is_not_valid(step.op) or name is None or "not_enforced" in step.clauses:
        return
    later = chain.from_iterable(recording.operations for recording in around.later)
    if is_settled(step.table, name, chain(around.following, later)):
        return
    yield around.finding(
        step,
        f"{name} stays NOT VALID: no revision validates it, so old rows of {step.table}{around.size(step.table)} may "
        "break it for ever, and queries gain nothing from it.",
        "Validate it outside the transaction, here or in a revision of its own:",
        fix=Fix("Validate the constraint", (FixStep((step.op,)), validation(step, name))),
    )
