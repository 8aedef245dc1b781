"""Without the constraint, bad rows get in, and they keep it from being added again.

What it flags
    Dropping a UNIQUE, CHECK or FOREIGN KEY constraint, or a unique index, of a table that existed before the revision,
    without a replacement in the same revision.
Why it hurts
    From then on nothing keeps duplicates, orphans or wrong values out. If the release is rolled back, the downgrade
    cannot add the constraint again once one such row is there.
Example
    On sqlite:3.40:

        with op.batch_alter_table("book") as batch:
            batch.drop_constraint("ck_book_pages", type_="check")
Instead
    Add what takes its place first; the old constraint can then go:

        with op.batch_alter_table("book") as batch:
            batch.create_check_constraint("ck_book_pages_or_data", "pages > 0 OR data IS NOT NULL")
When it is fine
    A replacement stands in the same revision, its columns or the table go away too, or a NOT NULL says the same.
References
    Atlas CD101. Also known as pg-drop-constraint-guarding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import DropColumnOp, DropConstraintOp, DropIndexOp, DropTableOp

from ...core.finding import Finding, Severity
from ...core.implication import only_not_null
from ...core.keys import keeps_unique, unique_keys
from ...core.replacement import replaces
from ...core.state import ConstraintState
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import TableState

RULE = Rule(
    id="drop-constraint",
    severity=Severity.WARNING,
    engines=EVERY_ENGINE,
    ops=(DropConstraintOp, DropIndexOp),
    aliases=("pg-drop-constraint-guarding",),
)
_KINDS = {"foreignkey": "foreign key", "primary": "primary key"}
_GETS_IN = {"unique": "duplicates", "check": "values that it refused", "foreign key": "rows without a parent"}


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a constraint that is gone after the revision."""
    table, dropped = _dropped(step, around)
    if dropped is None or dropped.kind not in _GETS_IN or dropped.added_in == around.recording.revision:
        return
    others = [
        s for s in (*around.earlier, *around.following) if s.table == (table.key if table else step.table)
    ]
    if any(replaces(other.op, dropped) for other in others) or _goes_away(step, dropped, around):
        return
    if table is not None and _is_implied(table, dropped):
        return
    name, key = dropped.name or "the constraint", table.key if table else step.table
    yield around.finding(
        step,
        f"Without {name}, {_GETS_IN[dropped.kind]} get into {key}; once one is there, neither a downgrade nor a later "
        "revision can add the constraint again.",
        f"Add the constraint that takes the place of {name} in the same revision, or keep it.",
        table=key,
        column=dropped.columns[0] if len(dropped.columns) == 1 else None,
    )


def _dropped(step: RecordedOp, around: Surroundings) -> tuple[TableState | None, ConstraintState | None]:
    """Return what goes away, and its table; a unique index counts as the constraint that it is."""
    table = around.table(step)
    if isinstance(step.op, DropIndexOp):
        name = str(step.op.index_name)
        found = around.state.index(name)
        if found is not None:
            table, index = found
            made = ConstraintState("unique", name, index.columns, added_in=index.added_in)
            return table, made if index.unique else None
        return table, table.constraint(name) if table else None
    op = step.as_(DropConstraintOp)
    if not op.constraint_name:  # It cannot run at all, which `unnamed-constraint` says.
        return table, None
    name = str(op.constraint_name)
    known = table.constraint(name) if table else None
    kind = _KINDS.get(op.constraint_type or "", op.constraint_type or "")
    return table, known or ConstraintState(kind, name)


def _goes_away(step: RecordedOp, dropped: ConstraintState, around: Surroundings) -> bool:
    """True if the revision drops the table, the table referred to, or a column of the constraint."""
    for other in around.following:
        if isinstance(other.op, DropTableOp) and other.table in (step.table, dropped.referred_table):
            return True
        gone = (
            other.op.column_name if isinstance(other.op, DropColumnOp) and other.table == step.table else None
        )
        if gone and (not dropped.columns or gone in dropped.columns):
            return True
    return False


def _is_implied(table: TableState, dropped: ConstraintState) -> bool:
    """True if something that stays says the same: a NOT NULL column, or another unique key within the columns."""
    if dropped.kind == "check":
        column = table.columns.get(only_not_null(dropped.expression) or "")
        return column is not None and column.nullable is False
    others = (key for key in unique_keys(table) if key.name != dropped.name)
    return dropped.kind == "unique" and bool(dropped.columns) and keeps_unique(others, dropped.columns)
