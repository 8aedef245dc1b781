"""Without the constraint, bad rows get in, and they keep it from being added again.

What it flags
    Dropping a UNIQUE, CHECK or FOREIGN KEY constraint of a table that existed before the revision, without a
    replacement in the same revision.
Why it hurts
    From then on nothing keeps duplicates, orphans or wrong values out. If the release is rolled back, the downgrade
    cannot add the constraint again once one such row is there.
Example
    On sqlite:3.40:

        with op.batch_alter_table("account") as batch:
            batch.drop_constraint("uq_account_email", type_="unique")
Instead
    Add what takes its place first; the old constraint can then go:

        with op.batch_alter_table("account") as batch:
            batch.create_unique_constraint("uq_account_email_country", ["email", "country"])
When it is fine
    A replacement stands in the same revision, its columns or the table go away too, or a NOT NULL says the same.
References
    Atlas CD101. Also known as pg-drop-constraint-guarding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import (
    CreateCheckConstraintOp,
    CreateForeignKeyOp,
    CreateIndexOp,
    CreateUniqueConstraintOp,
    DropColumnOp,
    DropConstraintOp,
    DropTableOp,
)

from ...core.finding import Finding, Severity
from ...core.implication import only_not_null, same_subject
from ...core.keys import keeps_unique, unique_keys
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import ConstraintState

RULE = Rule(id="drop-constraint", severity=Severity.WARNING, engines=EVERY_ENGINE, ops=(DropConstraintOp,))
_KINDS = {"foreignkey": "foreign key", "primary": "primary key"}
_GETS_IN = {"unique": "duplicates", "check": "values that it refused", "foreign key": "rows without a parent"}
_MAKERS = {
    "unique": (CreateUniqueConstraintOp, CreateIndexOp),
    "check": (CreateCheckConstraintOp,),
    "foreign key": (CreateForeignKeyOp,),
}


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a constraint that is gone after the revision."""
    op, table = step.as_(DropConstraintOp), around.table(step)
    known = table.constraint(str(op.constraint_name)) if table else None
    kind = known.kind if known else _KINDS.get(op.constraint_type or "", op.constraint_type or "")
    if kind not in _GETS_IN or (known is not None and known.added_in == around.recording.revision):
        return
    if _replaced(step, kind, known, around) or _goes_away(step, known, around):
        return
    if known is not None and _is_implied(step, known, around):
        return
    yield around.finding(
        step,
        f"Without {op.constraint_name}, {_GETS_IN[kind]} get into {step.table}; once one is there, neither a downgrade "
        "nor a later revision can add the constraint again.",
        f"Add the constraint that takes the place of {op.constraint_name} in the same revision, or keep it.",
        column=known.columns[0] if known and len(known.columns) == 1 else None,
    )


def _replaced(step: RecordedOp, kind: str, known: ConstraintState | None, around: Surroundings) -> bool:
    """True if the revision adds a constraint of the kind, by this name or on one of the columns."""
    others = (s.op for s in (*around.earlier, *around.following) if s.table == step.table)
    makers = (op for op in others if isinstance(op, _MAKERS[kind]) and getattr(op, "unique", True))
    return any(_takes_the_place(op, step.as_(DropConstraintOp), known) for op in makers)


def _takes_the_place(op: object, dropped: DropConstraintOp, known: ConstraintState | None) -> bool:
    if known is None or getattr(op, "constraint_name", None) == dropped.constraint_name:
        return True
    if isinstance(op, CreateCheckConstraintOp):
        return same_subject(known.expression, str(op.condition))
    columns = getattr(op, "local_cols", None) or getattr(op, "columns", None) or ()
    return not known.columns or any(
        str(getattr(column, "name", column)) in known.columns for column in columns
    )


def _goes_away(step: RecordedOp, known: ConstraintState | None, around: Surroundings) -> bool:
    """True if the revision drops the table, the table referred to, or a column of the constraint."""
    tables = {step.table, known.referred_table if known else None}
    for other in around.following:
        if isinstance(other.op, DropTableOp) and other.table in tables:
            return True
        if isinstance(other.op, DropColumnOp) and other.table == step.table:
            columns = known.columns if known else ()
            if not columns or other.op.column_name in columns:
                return True
    return False


def _is_implied(step: RecordedOp, known: ConstraintState, around: Surroundings) -> bool:
    """True if something that stays says the same: a NOT NULL column, or another unique key within the columns."""
    table = around.table(step)
    if table is None:
        return False
    if known.kind == "check":
        column = table.columns.get(only_not_null(known.expression) or "")
        return column is not None and column.nullable is False
    others = (key for key in unique_keys(table) if key is not known)
    return known.kind == "unique" and keeps_unique(others, known.columns)
