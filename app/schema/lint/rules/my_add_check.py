"""A new CHECK copies the whole table, and writers wait until every row has been tested.

What it flags
    A CHECK constraint that is added to an existing table, and a new column that Alembic adds one with
    (`sa.Boolean(create_constraint=True)`, `sa.Enum(native_enum=False, create_constraint=True)`).
Why it hurts
    MySQL and MariaDB have no NOT VALID: all rows are copied while each INSERT, UPDATE and DELETE waits, and one row
    that breaks the rule makes the revision fail. MySQL before 8.0.16 does the opposite: it reads CHECK and forgets it.
Example
    On mariadb:10.11:

        op.create_check_constraint("ck_account_age", "account", "age >= 0")
Instead
    Test the value in the application, or copy the table with gh-ost or pt-online-schema-change. On MySQL a CHECK that
    is NOT ENFORCED documents the rule and costs nothing.
When it is fine
    The table was created in the same revision, or is small.
References
    MySQL manual, "Online DDL Operations"; strong_migrations add_check_constraint; measured on MariaDB 10.11.19.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp, CreateCheckConstraintOp
from sqlalchemy import CheckConstraint

from ...core.finding import Finding, Severity
from ...core.table_copy import COPY_RULES, consequence, is_copied, severity_of
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-add-check",
    severity=Severity.ERROR,
    engines=MYSQL_FAMILY,
    ops=(CreateCheckConstraintOp, AddColumnOp),
    supersedes=COPY_RULES,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a CHECK that every row is tested for by copying the table, and one that is forgotten."""
    effect, column = around.effect_on(step.table), _column(step)
    if "not_enforced" in step.clauses or not (isinstance(step.op, CreateCheckConstraintOp) or column):
        return
    if _is_forgotten(around):
        yield around.finding(
            step,
            f"{around.server} reads CHECK on {step.table} and forgets it: no row is ever tested.",
            "Test the value in the application until the server is MySQL 8.0.16 or later.",
            column=column,
        )
    elif is_copied(effect):
        table = f"{step.table}{around.size(step.table)}"
        yield around.finding(
            step,
            f"{consequence(around.server, table, effect)} One row that breaks the rule makes all of it fail.",
            "Test the value in the application, or add the CHECK with gh-ost or pt-online-schema-change"
            + ("; NOT ENFORCED costs nothing." if around.server.engine == "mysql" else "."),
            column=column,
            severity=severity_of(effect),
        )


def _is_forgotten(around: Surroundings) -> bool:
    """True before MySQL 8.0.16; `mysql:8.0` without a patch number is taken for a current one."""
    return (
        around.server.engine == "mysql"
        and around.server.version < (8, 0, 16)
        and around.server.version != (8, 0)
    )


def _column(step: RecordedOp) -> str | None:
    """Return the name of a new column that a CHECK comes with."""
    if not isinstance(step.op, AddColumnOp):
        return None
    column = step.op.column
    written = any(isinstance(constraint, CheckConstraint) for constraint in column.constraints)
    made = getattr(column.type, "create_constraint", False) and not getattr(column.type, "native_enum", False)
    return str(column.name) if written or made else None
