"""PostgreSQL's operations that do not block: what is one, and how to make one."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from alembic.operations.ops import CreateIndexOp, DropIndexOp

from .ops import DetachPartitionOp, ReindexOp

if TYPE_CHECKING:
    from alembic.operations.ops import MigrateOperation

    from .recorded import RecordedOp
    from .state import IndexState, State, TableState


def is_concurrent(op: MigrateOperation) -> bool:
    """True for `CREATE`, `DROP` and `REINDEX … CONCURRENTLY` and `DETACH PARTITION … CONCURRENTLY`."""
    if isinstance(op, (CreateIndexOp, DropIndexOp)):
        return bool(op.kw.get("postgresql_concurrently"))
    return isinstance(op, (ReindexOp, DetachPartitionOp)) and op.concurrently


def name_of(op: MigrateOperation) -> str:
    """Return the name of the index that an operation is about, in words where it has none."""
    return str(getattr(op, "index_name", None) or getattr(op, "name", None) or "the index")


def drop_concurrently(op: DropIndexOp, table: str | None = None) -> DropIndexOp:
    """Return the operation that drops the same index without blocking; `table` is told where it does not say it."""
    changed = copy(op)
    changed.table_name = op.table_name or table
    changed.kw = {**op.kw, "postgresql_concurrently": True}
    return changed


def create_concurrently(op: CreateIndexOp) -> tuple[MigrateOperation, ...]:
    """Return the operations that build the same index without blocking.

    Where the index may be there already, what is left of a build that was cut short is dropped first: IF NOT EXISTS
    would keep it although no query can use it.
    """
    changed = copy(op)
    changed.kw = {**op.kw, "postgresql_concurrently": True}
    changed.if_not_exists = None
    if not op.if_not_exists or not op.index_name:
        return (changed,)
    left = DropIndexOp(
        op.index_name, op.table_name, schema=op.schema, if_exists=True, postgresql_concurrently=True
    )
    return (left, changed)


def dropped_index(step: RecordedOp, state: State) -> tuple[TableState, IndexState] | None:
    """Return the index that an operation drops, with its table; None if the history does not show it."""
    op = step.as_(DropIndexOp)
    found = state.index(str(op.index_name))
    if found is None or (step.table and found[0].key != step.table):
        return None
    return found
