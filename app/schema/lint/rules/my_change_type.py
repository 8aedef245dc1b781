"""Another column type copies the whole table, and writers wait until the copy is done.

What it flags
    A change of a column's type on an existing table that MySQL and MariaDB cannot do at once: integers of another
    size, another precision, VARCHAR to TEXT, DATETIME to TIMESTAMP, and the like.
Why it hurts
    The rows are written anew one by one while every INSERT, UPDATE and DELETE waits; a hundred million rows take an
    hour or more, and then the same on each replica. MariaDB 11.2 and later let writers go on: a warning there.
Example
    On mariadb:10.11:

        op.alter_column("account", "age", type_=sa.BigInteger(), existing_type=sa.Integer())
Instead
    Add a column of the new type, let the application write both, fill the old rows in batches, and read the new column
    from then on; or make the change with gh-ost or pt-online-schema-change:

        op.add_column("account", sa.Column("age_new", sa.BigInteger()))
When it is fine
    The table was created in the same revision, or is small. A longer VARCHAR that stays below 256 bytes, or starts
    above, is changed at once and not flagged.
References
    MySQL manual, "Online DDL Operations", "Changing the column data type"; measured on MariaDB 10.11.19, 11.8.9 and
    MySQL 9.7.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp, AlterColumnOp
from sqlalchemy import Column

from ...core.finding import Finding, FixStep, Severity
from ...core.table_copy import COPY_RULES, consequence, is_copied, severity_of
from ...core.types import type_sql
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-change-type",
    severity=Severity.ERROR,
    engines=MYSQL_FAMILY,
    ops=(AlterColumnOp,),
    supersedes=COPY_RULES,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a new type that the table has to be copied for."""
    op = step.as_(AlterColumnOp)
    effect = around.effect_on(step.table)
    if op.modify_type is None or not is_copied(effect):
        return
    kind = op.modify_type() if isinstance(op.modify_type, type) else op.modify_type
    new = Column(f"{op.column_name}_new", kind)
    yield around.finding(
        step,
        f"To make {op.column_name} {type_sql(kind, around.server) or kind}, "
        f"{consequence(around.server, f'{step.table}{around.size(step.table)}', effect)}",
        "Add a column of the new type, write both, fill the old rows in batches, and switch over in later releases; "
        "or change it with gh-ost or pt-online-schema-change:",
        code=around.render([FixStep((AddColumnOp(op.table_name, new, schema=op.schema),))]),
        column=str(op.column_name),
        severity=severity_of(effect),
    )
