"""A value that is not added at the end of a SET renumbers all others, and the whole table is copied for it.

What it flags
    A change of a SET of an existing table that puts new values before old ones, or old ones into another order.
Why it hurts
    A row holds one bit for each value. When the bits change, every row is written anew while writers wait. Values that
    are added at the end cost nothing (measured on MariaDB 10.11.19). A value that goes is the business of
    enum-value-removed.
Example
    On mariadb:10.11:

        allow = {"non-transactional-multi-step": "the column is empty"}
        from sqlalchemy.dialects import mysql
        op.add_column("shelf", sa.Column("tags", mysql.SET("old", "rare")))
        op.alter_column(
            "shelf", "tags", type_=mysql.SET("new", "old", "rare"), existing_type=mysql.SET("old", "rare")
        )
Instead
    Add new values at the end:

        allow = {"non-transactional-multi-step": "the column is empty"}
        from sqlalchemy.dialects import mysql
        op.add_column("shelf", sa.Column("tags", mysql.SET("old", "rare")))
        op.alter_column(
            "shelf", "tags", type_=mysql.SET("old", "rare", "new"), existing_type=mysql.SET("old", "rare")
        )
When it is fine
    The table was created in the same revision, or is small.
References
    MySQL manual, "Online DDL Operations", "Modifying the definition of an ENUM or SET column"; Atlas MY120.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp
from sqlalchemy.dialects import mysql

from ...core.enum_change import Values, values_before_and_after
from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.table_copy import COPY_RULES, consequence, is_copied, severity_of
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-set-not-append",
    severity=Severity.ERROR,
    engines=MYSQL_FAMILY,
    ops=(AlterColumnOp,),
    fixable=True,
    supersedes=("my-change-type", *COPY_RULES),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag values that move; those that go are the business of enum-value-removed."""
    op, effect = step.as_(AlterColumnOp), around.effect_on(step.table)
    column = around.column(step, str(op.column_name))
    values = values_before_and_after(column, op, "set", around.server)
    if values is None or not values.moved or not is_copied(effect):
        return
    table = f"{step.table}{around.size(step.table)}"
    yield around.finding(
        step,
        f"The values of {step.table}.{op.column_name} get other numbers: {consequence(around.server, table, effect)}",
        "Keep the old values in their order and add new ones at the end; sort in the query where the order matters:",
        fix=_appended(op, values)
        if set(step.clauses) <= {"restates"} and around.stands_alone(step)
        else None,
        column=str(op.column_name),
        severity=severity_of(effect),
    )


def _appended(op: AlterColumnOp, values: Values) -> Fix:
    changed = copy(op)
    changed.modify_type = mysql.SET(*values.appended)
    return Fix("Add the new values at the end", (FixStep((changed,)),), safe=False)
