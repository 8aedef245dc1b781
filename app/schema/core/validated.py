"""Whether a constraint that was added NOT VALID is validated later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import DropConstraintOp, DropTableOp, RenameTableOp

from .ops import RenameConstraintOp, ValidateConstraintOp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .recorded import RecordedOp


def is_settled(table: str | None, name: str, steps: Iterable[RecordedOp]) -> bool:
    """True if one of the steps validates the constraint or takes it away; new names are followed."""
    for step in steps:
        if step.table != table:
            continue
        op = step.op
        if isinstance(op, DropTableOp):
            return True
        if isinstance(op, (ValidateConstraintOp, DropConstraintOp)) and op.constraint_name == name:
            return True
        if isinstance(op, RenameTableOp):
            schema = f"{op.schema}." if op.schema else ""
            table = f"{schema}{op.new_table_name}"
        elif isinstance(op, RenameConstraintOp) and op.constraint_name == name:
            name = op.new_name
    return False
