"""MySQL and MariaDB: changes of a column that describe it anew, so that what they do not repeat is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from alembic.operations.ops import AlterColumnOp

    from .state import ColumnState


def restates(op: AlterColumnOp) -> bool:
    """True if Alembic sends MODIFY or CHANGE; a default alone is set by a statement of its own."""
    changes = (op.modify_name, op.modify_nullable, op.modify_type, op.kw.get("autoincrement"))
    return any(change is not None for change in changes) or op.modify_comment is not False


def is_given(default: Any) -> bool:
    """True if a default was repeated: Alembic has False and None for one that was not."""
    return default is not False and default is not None


def forget(column: ColumnState, op: AlterColumnOp, *, in_key: bool) -> None:
    """Take from a column what a statement that describes it anew does not repeat (measured on MariaDB 10.11.19).

    :param in_key: the column is part of the primary key, which keeps it NOT NULL.
    """
    if column.computed:
        return
    if op.modify_nullable is None and op.existing_nullable is not False and not in_key:
        column.nullable = True
    if op.modify_server_default is False and not is_given(op.existing_server_default):
        column.default = ""
    if op.modify_comment is False and op.existing_comment is None:
        column.comment = None
    column.autoincrement = bool(op.kw.get("autoincrement") or op.kw.get("existing_autoincrement"))
