"""SET NOT NULL reads the whole table while nobody can read or write it.

What it flags
    `op.alter_column(…, nullable=False)` or `SET NOT NULL` on a column that may hold NULL, unless a validated CHECK
    proves that it does not.
Why it hurts
    ACCESS EXCLUSIVE stays until every row has been looked at, and everybody who comes later queues behind it. On ten
    million rows that is seconds to minutes without a single SELECT.
Example
    On postgresql:15:

        op.alter_column("account", "name", existing_type=sa.String(50), nullable=False)
Instead
    Let a CHECK prove it first, which is validated while everybody goes on working; SET NOT NULL then reads nothing:

        op.create_check_constraint("ck_name", "account", "name IS NOT NULL", postgresql_not_valid=True)
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_name")
        op.alter_column("account", "name", existing_type=sa.String(50), nullable=False)
        op.drop_constraint("ck_name", "account", type_="check")
When it is fine
    The table was created in the same revision, the column is NOT NULL already, or a validated CHECK implies it, also
    as one of several conditions joined by AND. From PostgreSQL 18 on `ADD CONSTRAINT … NOT NULL … NOT VALID` and
    VALIDATE do the same.
References
    PostgreSQL manual, ALTER TABLE, "SET NOT NULL"; strong_migrations; squawk adding-not-nullable-field. Before
    version 12 a CHECK does not save the scan: keep the CHECK in place of NOT NULL there.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.implication import implies_not_null
from ...core.online import not_null_in_steps, validation
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-set-not-null",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(AlterColumnOp,),
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a NOT NULL that has to look at every row."""
    op = step.as_(AlterColumnOp)
    if op.modify_nullable is not False or _is_not_null(step, op, around):
        return
    effect = around.effect_on(step.table)
    if effect is not None and not effect.scans:
        return
    name, fix = str(op.column_name), None
    if around.server.at_least(12) and op.modify_name is None:
        fix = Fix("Prove it by a CHECK first", _steps(step, op, around))
    yield around.finding(
        step,
        f"Setting NOT NULL on {step.table}.{name} blocks every read and write of {step.table}"
        f"{around.size(step.table)} until all its rows have been looked at, and fails at the first NULL.",
        _advice(around),
        column=name,
        fix=fix,
        code=None if fix else _by_hand(step, op, around),
    )


def _is_not_null(step: RecordedOp, op: AlterColumnOp, around: Surroundings) -> bool:
    """True if the column is NOT NULL already, by the history or, where that does not tell, by the revision's word."""
    column = around.column(step, str(op.column_name))
    if column is not None and column.nullable is not None:
        return not column.nullable
    return op.existing_nullable is False


def _advice(around: Surroundings) -> str:
    if around.server.at_least(12):
        return "Let a CHECK prove it first; it is validated while everybody goes on reading and writing:"
    return (
        "PostgreSQL before version 12 reads all rows whatever a CHECK says; let a CHECK stand for NOT NULL:"
    )


def _by_hand(step: RecordedOp, op: AlterColumnOp, around: Surroundings) -> str:
    steps = not_null_in_steps(step, str(op.column_name), op.existing_type)
    return around.render(steps if around.server.at_least(12) else steps[:2])


def _steps(step: RecordedOp, op: AlterColumnOp, around: Surroundings) -> tuple[FixStep, ...]:
    name, type_ = str(op.column_name), op.modify_type or op.existing_type
    waiting = _unvalidated_proof(step, name, around)
    if waiting:
        return validation(step, waiting), FixStep((op,))
    rest = copy(op)
    rest.modify_nullable = None
    first = (FixStep((rest,)),) if rest.has_changes() else ()
    return (*first, *not_null_in_steps(step, name, type_))


def _unvalidated_proof(step: RecordedOp, column: str, around: Surroundings) -> str | None:
    """Return the name of a CHECK that would prove it, had it been validated."""
    table = around.table(step)
    checks = table.of_kind("check") if table else ()
    proofs = (c.name for c in checks if not c.validated and implies_not_null(c.expression, column))
    return next(filter(None, proofs), None)
