"""A default that only Python knows does not reach the rows that are there, nor code that does not know the column.

What it flags
    `op.add_column` with `default=…` and `nullable=False` but without `server_default`, on a table that existed before
    the revision.
Why it hurts
    `default=` is applied by SQLAlchemy when the new code inserts a row. The statement that reaches the database says
    NOT NULL and nothing else: it fails as soon as the table holds one row (MySQL and MariaDB fill in 0 or ''
    instead), and old code fails on each INSERT.
Example
    On sqlite:3.40:

        op.add_column("account", sa.Column("plan", sa.String(20), nullable=False, default="free"))
Instead
    Give the default to the database:

        op.add_column("account", sa.Column("plan", sa.String(20), nullable=False, server_default="free"))
When it is fine
    The table was created in the same revision.
References
    SQLAlchemy, "Column INSERT/UPDATE Defaults": client-invoked and server-invoked defaults.
"""

from __future__ import annotations

from copy import copy
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from alembic.operations.ops import AddColumnOp
from sqlalchemy import DefaultClause, false, text, true

from ...core.finding import Finding, FixStep, Severity
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column

    from ...core.recorded import RecordedOp

# An error although a default in Python alone is only a warning where the column is nullable: it takes the place of
# add-required-column, and the statement fails in the same way.
RULE = Rule(
    id="client-default-only",
    severity=Severity.ERROR,
    engines=EVERY_ENGINE,
    ops=(AddColumnOp,),
    supersedes=("add-required-column",),
    aliases=("server-default-not-rendered",),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a default that the database is not told."""
    column = step.as_(AddColumnOp).column
    if column.nullable or column.default is None or column.server_default is not None or column.primary_key:
        return
    fills = (
        "fills in 0 or an empty string" if around.server.dialect_name == "mysql" else "fails on the first row"
    )
    yield around.finding(
        step,
        f"The default of {step.table}.{column.name} stays in Python: the database only reads NOT NULL and {fills}, "
        f"and code that does not know {column.name} yet fails on every INSERT.",
        "Give the default to the database, or add the column nullable and fill it before NOT NULL:",
        code=around.render((FixStep((_with(step, _server_default(column)),)),)),
        column=str(column.name),
    )


def _server_default(column: Column[Any]) -> DefaultClause | None:
    """Return the default as the database takes it; None if it is computed by Python for each row."""
    value = getattr(column.default, "arg", None)
    if isinstance(value, bool):
        return DefaultClause(true() if value else false())
    if isinstance(value, (int, float, Decimal)):
        return DefaultClause(text(str(value)))
    return DefaultClause(value) if isinstance(value, str) else None


def _with(step: RecordedOp, clause: DefaultClause | None) -> AddColumnOp:
    op = copy(step.as_(AddColumnOp))
    op.column = op.column._copy()
    op.column.default = None
    op.column.nullable = clause is None
    op.column.server_default = clause
    return op
