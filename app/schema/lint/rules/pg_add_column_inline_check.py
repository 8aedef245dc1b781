"""A CHECK written with a new column reads the whole table while nobody can use it.

What it flags
    `op.add_column` or `ADD COLUMN` with a CHECK constraint, or with an `sa.Enum(native_enum=False,
    create_constraint=True)`, on a table that existed before the revision.
Why it hurts
    PostgreSQL tests every row under ACCESS EXCLUSIVE: nobody reads or writes the table, although each row holds the
    same NULL or default (measured on PostgreSQL 15.18).
Example
    On postgresql:15:

        op.add_column("account", sa.Column("score", sa.Integer(), sa.CheckConstraint("score >= 0")))
Instead
    Add the column, and the CHECK for new rows only:

        op.add_column("account", sa.Column("score", sa.Integer()))
        op.create_check_constraint("ck_account_score", "account", "score >= 0", postgresql_not_valid=True)

    Validate it in the next revision, while everybody goes on working:

        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_account_score")
When it is fine
    The table was created in the same revision, or is known to be small.
References
    PostgreSQL manual, ALTER TABLE, "ADD table_constraint … NOT VALID"; eugene E1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations.ops import AddColumnOp, CreateCheckConstraintOp

from ...core.columns import bare
from ...core.finding import Finding, FixStep, Severity
from ...core.ops import ValidateConstraintOp
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(id="pg-add-column-inline-check", severity=Severity.ERROR, engines=POSTGRESQL, ops=(AddColumnOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a CHECK that comes with its column."""
    op = step.as_(AddColumnOp)
    found = _check_of(op)
    if found is None:
        return
    yield around.finding(
        step,
        f"Nobody can read or write {step.table}{around.size(step.table)} while PostgreSQL tests every row against the "
        f"CHECK of {op.column.name}; the more rows, the longer.",
        "Add the column, and the CHECK as NOT VALID; validate it in the next revision, while everybody goes on "
        "working:",
        code=_steps(op, found, around),
        column=str(op.column.name),
    )


def _check_of(op: AddColumnOp) -> tuple[str, str] | None:
    """Return name and condition of the CHECK that comes with a column."""
    own = next((c for c in op.column.constraints if isinstance(c, sa.CheckConstraint)), None)
    name = f"ck_{op.table_name}_{op.column.name}"
    if own is not None:
        return (str(own.name) if own.name else name), str(own.sqltext)
    type_: Any = op.column.type
    if isinstance(type_, sa.Enum) and type_.create_constraint and not type_.native_enum:
        values = ", ".join("'" + str(value).replace("'", "''") + "'" for value in type_.enums)
        return str(type_.name or name), f"{op.column.name} IN ({values})"
    return None


def _steps(op: AddColumnOp, found: tuple[str, str], around: Surroundings) -> str:
    name, condition = found
    later = CreateCheckConstraintOp(
        name, op.table_name, condition, schema=op.schema, postgresql_not_valid=True
    )
    validate = ValidateConstraintOp(op.table_name, op.schema, name)
    return (
        f"{around.render((FixStep((bare(op), later)),))}\n"
        f"# revision 2, after {around.recording.revision}\n"
        f"{around.render((FixStep((validate,)),))}"
    )
