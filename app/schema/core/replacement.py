"""Whether an operation puts a constraint in the place of one that is dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import (
    CreateCheckConstraintOp,
    CreateForeignKeyOp,
    CreateIndexOp,
    CreateUniqueConstraintOp,
)

from .implication import same_subject

if TYPE_CHECKING:
    from alembic.operations.ops import MigrateOperation

    from .state import ConstraintState

_MAKERS = {
    "unique": (CreateUniqueConstraintOp, CreateIndexOp),
    "check": (CreateCheckConstraintOp,),
    "foreign key": (CreateForeignKeyOp,),
}


def replaces(op: MigrateOperation, dropped: ConstraintState) -> bool:
    """True if an operation on the same table makes a constraint of the kind, by the name or on one of the columns.

    Columns that are not known are taken for the same.
    """
    if not isinstance(op, _MAKERS.get(dropped.kind, ())) or not getattr(op, "unique", True):
        return False
    if dropped.name and getattr(op, "constraint_name", None) == dropped.name:
        return True
    if isinstance(op, CreateCheckConstraintOp):
        return dropped.expression is None or same_subject(dropped.expression, str(op.condition))
    columns = getattr(op, "local_cols", None) or getattr(op, "columns", None) or ()
    return not dropped.columns or any(str(getattr(c, "name", c)) in dropped.columns for c in columns)
