"""A default that is computed for each row copies the whole table, and replicas may compute other values.

What it flags
    A new column of an existing table whose default is an expression that makes the server copy the table: any
    `DEFAULT (…)` on MySQL, which is what SQLAlchemy 2.1 makes of `func.now()` too, and on MariaDB functions that give
    each row a value of its own, such as `uuid()`.
Why it hurts
    Each row is written anew while writers wait. With statement-based replication, each replica computes values of its
    own, and the data differs from then on.
Example
    On mariadb:10.11:

        op.add_column("account", sa.Column("token", sa.String(36), server_default=sa.text("uuid()")))
Instead
    Add the column without a default, set the default in a statement of its own, which is done at once and holds for
    new rows, and fill the old rows in batches:

        op.add_column("account", sa.Column("token", sa.String(36)))

    The next revision:

        op.alter_column("account", "token", server_default=sa.text("(uuid())"))
When it is fine
    The table was created in the same revision. On MariaDB constants and `now()` are done at once, also in parentheses
    (measured on MariaDB 10.11.19).
References
    MySQL manual, "Data Type Default Values"; strong_migrations add_column_default_callable.
"""

from __future__ import annotations

import re
from copy import copy
from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp
from sqlalchemy import DefaultClause, text

from ...core.finding import Finding, FixStep, Severity
from ...core.functions import called_functions, default_sql
from ...core.table_copy import COPY_RULES, consequence, is_copied
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import TextClause

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-expression-default",
    severity=Severity.WARNING,
    engines=MYSQL_FAMILY,
    ops=(AddColumnOp,),
    supersedes=COPY_RULES,
)
_NOW = re.compile(r"\(?(?:now|current_timestamp)\(\)\)?|\(current_timestamp\)", re.IGNORECASE)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a default that the table has to be copied for."""
    op, effect = step.as_(AddColumnOp), around.effect_on(step.table)
    default = default_sql(op.column.server_default, around.server)
    if default is None or not _is_expression(default) or not is_copied(effect):
        return
    is_now = _NOW.fullmatch(default) is not None
    yield around.finding(
        step,
        f"To compute {default} for each row, "
        f"{consequence(around.server, f'{step.table}{around.size(step.table)}', effect)} Replicas may get other "
        "values.",
        "Write it as CURRENT_TIMESTAMP, which is no expression and is done at once:"
        if is_now
        else f"Add {op.column.name} without the default, set the default in a statement of its own, and fill the old "
        "rows in batches:",
        code=_with_default(op, text("CURRENT_TIMESTAMP") if is_now else None, around),
        column=str(op.column.name),
    )


def _is_expression(default: str) -> bool:
    return default.lstrip().startswith("(") or bool(called_functions(default))


def _with_default(op: AddColumnOp, default: TextClause | None, around: Surroundings) -> str:
    column = copy(op.column)
    column.server_default = DefaultClause(default) if default is not None else None
    column.nullable = op.column.nullable or default is None
    return around.render([FixStep((AddColumnOp(op.table_name, column, schema=op.schema),))])
