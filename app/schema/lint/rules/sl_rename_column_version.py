"""The revision fails: SQLite before 3.25 cannot rename a column.

What it flags
    `op.alter_column(…, new_column_name=…)` or `RENAME COLUMN` outside of a batch block, for a SQLite older than 3.25
    (2018-09).
Why it hurts
    The statement is a syntax error there. Newer versions take it, so that it passes on a developer's machine and fails
    on a server with an older one.
Example
    On sqlite:3.24:

        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("code", sa.String(9)))
        op.alter_column("tag", "code", new_column_name="label")
Instead
    Let Alembic rebuild the table:

        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("code", sa.String(9)))
        with op.batch_alter_table("tag") as batch:
            batch.alter_column("code", new_column_name="label")
When it is fine
    Every server has 3.25 or newer; say so in `SCHEMA_TARGETS`.
References
    SQLite release history, 3.25.0: "Enhancements the ALTER TABLE command".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.rebuild import costs_no_rows
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="sl-rename-column-version",
    severity=Severity.ERROR,
    engines=SQLITE,
    ops=(AlterColumnOp,),
    new_tables=True,
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a column that is renamed in place where SQLite cannot."""
    op = step.as_(AlterColumnOp)
    rebuilt = step.batch is not None and step.batch.recreates
    if op.modify_name is None or around.server.at_least(3, 25) or rebuilt:
        return
    version = ".".join(map(str, around.server.version))
    harmless = costs_no_rows(around.state, step.table, enforced=around.environment.foreign_keys)
    yield around.finding(
        step,
        f"The revision fails with a syntax error: SQLite {version} cannot rename {step.table}.{op.column_name}; only "
        "3.25 and newer have RENAME COLUMN.",
        "Let Alembic rebuild the table:",
        column=str(op.column_name),
        fix=Fix("Rename it in a batch block", (FixStep((op,), batch=True),), safe=harmless),
    )
