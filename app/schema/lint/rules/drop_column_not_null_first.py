"""Code that has stopped writing a required column fails on every INSERT until the column is dropped.

What it flags
    Dropping a column that is NOT NULL and has no default, so that rows cannot be inserted without it.
Why it hurts
    Before a column can be dropped, code has to be deployed that does not know it any more. That code leaves the
    column out of its INSERTs, and between the deploy and the drop each of them fails with a NOT NULL violation.
    Making the column nullable in the same revision as the drop comes too late.
Example
    On postgresql:15:

        allow = {"drop-column book.title": "moved to another service"}
        op.drop_column("book", "title")
Instead
    Let rows do without it before the code that ignores it is deployed:

        op.alter_column("book", "title", existing_type=sa.String(200), existing_nullable=False, nullable=True)

    Drop it in a later release:

        allow = {"drop-column book.title": "moved to another service"}
        op.drop_column("book", "title")
When it is fine
    The column is nullable, has a default, or the database fills it (identity, AUTO_INCREMENT, generated).
References
    GitLab, "Avoiding downtime in migrations", "Dropping columns"; online_migrations, "Removing a column".
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp, DropColumnOp

from ...core.finding import Finding, FixStep, Severity
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import ColumnState

RULE = Rule(
    id="drop-column-not-null-first", severity=Severity.ERROR, engines=EVERY_ENGINE, ops=(DropColumnOp,)
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a column that INSERTs could not leave out until this revision."""
    column = around.column(step, str(step.as_(DropColumnOp).column_name))
    if (
        column is None
        or column.added_in == around.recording.revision
        or _filled_by_database(step, column, around)
    ):
        return
    if not (_required(column) or _relaxed_here(step, column, around)):
        return
    yield around.finding(
        step,
        f"{step.table}.{column.name} is NOT NULL without a default: code that no longer knows it fails on every INSERT "
        f"into {step.table} between its deploy and this drop.",
        "Make it nullable in an earlier release, before the code that ignores it is deployed:",
        code=_nullable(step, column, around),
        column=column.name,
    )


def _required(column: ColumnState) -> bool:
    return column.nullable is False and column.default == ""


def _filled_by_database(step: RecordedOp, column: ColumnState, around: Surroundings) -> bool:
    table = around.table(step)
    key = table.primary_key if table else ()
    return column.identity or column.computed or column.autoincrement or key == (column.name,)


def _relaxed_here(step: RecordedOp, column: ColumnState, around: Surroundings) -> bool:
    """True if the revision itself made the column optional: too late for the code that runs before it."""
    changes = [s.op for s in around.earlier if s.table == step.table and isinstance(s.op, AlterColumnOp)]
    mine = [op for op in changes if op.column_name == column.name]
    return any(op.modify_nullable is True or op.modify_server_default not in (False, None) for op in mine)


def _nullable(step: RecordedOp, column: ColumnState, around: Surroundings) -> str:
    op = AlterColumnOp(
        str(step.table).rpartition(".")[2],
        column.name,
        schema=step.as_(DropColumnOp).schema,
        existing_type=copy(column.type),
        existing_nullable=False,
        modify_nullable=True,
    )
    return around.render((FixStep((op,)),))
