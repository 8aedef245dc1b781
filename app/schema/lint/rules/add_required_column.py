"""A NOT NULL column without a default cannot be added to rows that are there, and old code fails on every INSERT.

What it flags
    `op.add_column` or `ADD COLUMN` with NOT NULL and without a server default, on a table that existed before the
    revision.
Why it hurts
    PostgreSQL and SQLite refuse it as soon as the table holds one row: it passes on a developer's empty database and
    fails in production. MySQL and MariaDB fill in 0, '' or 0000-00-00, even in strict mode (measured on MariaDB
    10.11.19). On every engine, code that does not know the column yet fails on each INSERT.
Example
    On postgresql:15:

        op.add_column("account", sa.Column("plan", sa.String(20), nullable=False))
Instead
    Add it nullable, deploy code that writes it, fill the old rows in batches, and set NOT NULL in a later release:

        op.add_column("account", sa.Column("plan", sa.String(20)))
When it is fine
    The table was created in the same revision, or the database fills the column (identity, generated, serial).
References
    django-migration-linter NOT_NULL; Atlas MF103, MY101, LT101. The same hazard is also known as
    pg-add-column-required, my-not-null-implicit-fill and sl-add-not-null-no-default.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from alembic.operations.ops import AddColumnOp
from sqlalchemy import Integer

from ...core.finding import Finding, FixStep, Severity
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="add-required-column",
    severity=Severity.ERROR,
    engines=EVERY_ENGINE,
    ops=(AddColumnOp,),
    aliases=(
        "pg-add-column-required",
        "my-not-null-implicit-fill",
        "sl-add-not-null-no-default",
    ),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a column that the rows which are there have no value for."""
    column = step.as_(AddColumnOp).column
    if column.nullable or column.server_default is not None or _filled_by_database(column):
        return
    yield around.finding(
        step,
        f"{_consequence(step, column, around)} Code that does not know {column.name} yet fails on every INSERT into "
        f"{step.table}.",
        f"Add {column.name} nullable, deploy code that writes it, fill the old rows in batches, and set NOT NULL in a "
        "later release:",
        code=_nullable(step, around),
        column=str(column.name),
    )


def _consequence(step: RecordedOp, column: Column[Any], around: Surroundings) -> str:
    if around.server.dialect_name == "mysql":
        return (
            f"Every row of {step.table}{around.size(step.table)} gets 0, an empty string or a zero date as its "
            f"{column.name}, even in strict mode, without a word."
        )
    return (
        f"The revision fails as soon as {step.table}{around.size(step.table)} holds one row: {column.name} is NOT NULL "
        "and has no default."
    )


def _filled_by_database(column: Column[Any]) -> bool:
    serial = bool(column.info.get("serial")) or column.autoincrement is True
    numbered = column.primary_key and column.autoincrement == "auto" and isinstance(column.type, Integer)
    return serial or numbered or column.identity is not None or column.computed is not None


def _nullable(step: RecordedOp, around: Surroundings) -> str:
    op = copy(step.as_(AddColumnOp))
    op.column = op.column._copy()
    op.column.nullable = True
    return around.render((FixStep((op,)),))
