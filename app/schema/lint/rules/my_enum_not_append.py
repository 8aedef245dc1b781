"""A value that is not added at the end of an ENUM renumbers all others, and the whole table is copied for it.

What it flags
    A change of an ENUM of an existing table that puts new values before old ones, or old ones into another order.
Why it hurts
    A row holds the number of its value, not the value. When numbers change, every row is written anew while writers
    wait, and ORDER BY sorts differently from then on. Values that are added at the end cost nothing (measured on
    MariaDB 10.11.19).
Example
    On mariadb:10.11:

        op.alter_column(
            "book",
            "status",
            type_=sa.Enum("sold", "draft", "published", name="book_status"),
            existing_type=sa.Enum("draft", "published", name="book_status"),
        )
Instead
    Add new values at the end:

        op.alter_column(
            "book",
            "status",
            type_=sa.Enum("draft", "published", "sold", name="book_status"),
            existing_type=sa.Enum("draft", "published", name="book_status"),
        )
When it is fine
    The table was created in the same revision, or is small.
References
    MySQL manual, "Online DDL Operations", "Modifying the definition of an ENUM or SET column"; Atlas MY111.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic.operations.ops import AlterColumnOp

from ...core.enum_change import Values, values_before_and_after
from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.table_copy import COPY_RULES, consequence, is_copied, severity_of
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-enum-not-append",
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
    values = values_before_and_after(column, op, "enum", around.server)
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
    changed.modify_type = sa.Enum(*values.appended, name=getattr(op.modify_type, "name", None))
    return Fix("Add the new values at the end", (FixStep((changed,)),), safe=False)
