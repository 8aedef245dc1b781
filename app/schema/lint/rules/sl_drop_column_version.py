"""The revision fails: SQLite before 3.35 cannot drop a column.

What it flags
    `op.drop_column` or `DROP COLUMN` outside of a batch block, for a SQLite older than 3.35 (2021-03).
Why it hurts
    The statement is a syntax error there. Newer versions take it, so that it passes on a developer's machine and fails
    on a server with an older one.
Example
    On sqlite:3.34:

        allow = {"drop-column shelf.label": "no code uses it since release 41"}
        op.drop_column("shelf", "label")
Instead
    Let Alembic rebuild the table:

        allow = {"drop-column shelf.label": "no code uses it since release 41"}
        with op.batch_alter_table("shelf") as batch:
            batch.drop_column("label")
When it is fine
    Every server has 3.35 or newer; say so in `SCHEMA_TARGETS`.
References
    SQLite release history, 3.35.0: "Add support for ALTER TABLE DROP COLUMN".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import DropColumnOp

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.rebuild import costs_no_rows
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="sl-drop-column-version",
    severity=Severity.ERROR,
    engines=SQLITE,
    ops=(DropColumnOp,),
    new_tables=True,
    fixable=True,
    supersedes=("sl-drop-column-blocked",),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a column that is dropped in place where SQLite cannot."""
    op = step.as_(DropColumnOp)
    if around.server.at_least(3, 35) or (step.batch is not None and step.batch.recreates):
        return
    version = ".".join(map(str, around.server.version))
    harmless = costs_no_rows(around.state, step.table, enforced=around.environment.foreign_keys)
    yield around.finding(
        step,
        f"The revision fails with a syntax error: SQLite {version} cannot drop {step.table}.{op.column_name}; only "
        "3.35 "
        "and newer have DROP COLUMN.",
        "Let Alembic rebuild the table:",
        column=str(op.column_name),
        fix=Fix("Drop it in a batch block", (FixStep((op,), batch=True),), safe=harmless),
    )
