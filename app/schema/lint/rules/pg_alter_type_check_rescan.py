"""The new type costs nothing, but every row is read to test a CHECK again, and nobody can use the table meanwhile.

What it flags
    A change of type that keeps the rows as they are, such as a longer varchar, on a column that a validated CHECK
    names.
Why it hurts
    PostgreSQL makes the CHECK anew and tests every row under ACCESS EXCLUSIVE: reads and writes wait until the whole
    table has been read. Without the CHECK the same statement takes a few milliseconds.
Example
    On postgresql:15:

        op.alter_column("book", "isbn", type_=sa.String(80), existing_type=sa.String(13))
Instead
    Put the CHECK back without testing the old rows, which passed it before:

        op.drop_constraint("ck_book_isbn_given", "book", type_="check")
        op.alter_column("book", "isbn", type_=sa.String(80), existing_type=sa.String(13))
        op.create_check_constraint("ck_book_isbn_given", "book", "isbn <> 'none'", postgresql_not_valid=True)

    Validate it in the next revision, which blocks nobody:

        op.execute("ALTER TABLE book VALIDATE CONSTRAINT ck_book_isbn_given")
When it is fine
    The table was created in the same revision or is small; the CHECK is NOT VALID (measured on PostgreSQL 15).
References
    strong_migrations, "Changing the type of a column"; measured on PostgreSQL 15.18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp, CreateCheckConstraintOp, DropConstraintOp

from ...core.copies import mentions
from ...core.finding import Finding, FixStep, Severity
from ...core.ops import ValidateConstraintOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import ConstraintState

RULE = Rule(
    id="pg-alter-type-check-rescan", severity=Severity.WARNING, engines=POSTGRESQL, ops=(AlterColumnOp,)
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a change of type that only the CHECKs make slow."""
    op, effect = step.as_(AlterColumnOp), around.effect_on(step.table)
    checks = list(_checks(step, around))
    if op.modify_type is None or effect is None or effect.rewrites or not effect.scans or not checks:
        return
    names = ", ".join(check.name or "without a name" for check in checks)
    yield around.finding(
        step,
        f"The new type of {step.table}.{op.column_name} changes no row, but PostgreSQL tests CHECK {names} on every "
        f"row of {step.table}{around.size(step.table)} again; nobody can read or write {step.table} until all have "
        "been read.",
        "Put the CHECK back as NOT VALID, and validate it in the next revision:",
        code=_code(step, checks, around),
        column=str(op.column_name),
    )


def _checks(step: RecordedOp, around: Surroundings) -> Iterator[ConstraintState]:
    """Yield the validated CHECKs that name the column."""
    table, column = around.table(step), str(step.as_(AlterColumnOp).column_name)
    for found in table.of_kind("check") if table else ():
        named = column in found.columns or (found.expression and mentions(found.expression, column))
        if found.validated and named:
            yield found


def _code(step: RecordedOp, checks: list[ConstraintState], around: Surroundings) -> str | None:
    op, named = step.as_(AlterColumnOp), [check for check in checks if check.name and check.expression]
    if len(named) < len(checks):
        return None
    table, schema = str(op.table_name), op.schema
    drop = [DropConstraintOp(check.name, table, "check", schema=schema) for check in named]
    add = [
        CreateCheckConstraintOp(c.name, table, str(c.expression), schema=schema, postgresql_not_valid=True)
        for c in named
    ]
    validate = [ValidateConstraintOp(table, schema, str(check.name)) for check in named]
    first, second = around.render((FixStep((*drop, op, *add)),)), around.render((FixStep(tuple(validate)),))
    return f"{first}\n# revision 2, after {around.recording.revision}\n{second}"
