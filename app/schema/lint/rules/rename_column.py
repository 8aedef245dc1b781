"""Renaming a column breaks the application that runs: old code asks for the old name, new code for the new one.

What it flags
    `op.alter_column(…, new_column_name=…)`, `RENAME COLUMN` and `CHANGE old new` on a table that existed before the
    revision.
Why it hurts
    The database knows one of the two names at any moment. Before the revision the new code fails on every query of
    the table, after it the old code does, until the last worker has been replaced; rolling back the code fails too.
Example
    On postgresql:15:

        op.alter_column("account", "name", new_column_name="full_name")
Instead
    Keep the column's name and change the attribute's: `full_name = db.Column("name", db.String(50))` needs no
    migration. Or give the values a second column, write both from the code, and drop the old one releases later:

        op.add_column("account", sa.Column("full_name", sa.String(50)))
When it is fine
    The column was added in the same revision, a generated column keeps the old name, a view with the old names takes
    the table's place, or the application is down during the deploy.
References
    strong_migrations, "Renaming a column"; Atlas BC102; SQLAlchemy, "Naming Columns Distinctly from Attribute Names".
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp, AlterColumnOp, RenameTableOp
from sqlalchemy import Column

from ...core.finding import Finding, FixStep, Severity
from ...core.ops import ViewOp
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="rename-column", severity=Severity.ERROR, engines=EVERY_ENGINE, ops=(AlterColumnOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a new name for a column that running code may use."""
    op = step.as_(AlterColumnOp)
    old, new = str(op.column_name), str(op.modify_name or "")
    column = around.column(step, old)
    if not new or new == old or (column is not None and column.added_in == around.recording.revision):
        return
    if _old_name_stays(step, old, around) or _view_takes_over(step, around):
        return
    yield around.finding(
        step,
        f"Running code fails on every query of {step.table} once {old} is called {new}, and new code fails until then: "
        "there is no moment at which both versions of the application work.",
        f'Keep the name in the database and rename the attribute in the model: {new} = db.Column("{old}", …). Or add '
        "a second column, write both from the code, and drop the old one in a later release:",
        code=_second_column(step, new, around),
        column=old,
    )


def _old_name_stays(step: RecordedOp, old: str, around: Surroundings) -> bool:
    """True if the revision adds a generated column under the old name."""
    added = (s.op.column for s in around.following if isinstance(s.op, AddColumnOp) and s.table == step.table)
    return any(str(column.name) == old and column.computed is not None for column in added)


def _view_takes_over(step: RecordedOp, around: Surroundings) -> bool:
    """True if the table moved away in this revision and a view answers under its old name."""
    moved = {
        str(s.op.table_name)
        for s in around.recording.operations
        if isinstance(s.op, RenameTableOp) and str(step.table) in (s.op.new_table_name, s.op.table_name)
    }
    views = (s.op for s in around.recording.operations if isinstance(s.op, ViewOp))
    return any(view.name in moved and view.action in ("create", "replace") for view in views)


def _second_column(step: RecordedOp, new: str, around: Surroundings) -> str | None:
    op = step.as_(AlterColumnOp)
    column = around.column(step, str(op.column_name))
    kind = column.type if column and column.type is not None else op.existing_type
    if kind is None:
        return None
    added = AddColumnOp(str(op.table_name), Column(new, copy(kind) if not isinstance(kind, type) else kind()))
    added.schema = op.schema
    return around.render((FixStep((added,)),))
