"""SQLite rebuilds a table for most changes: Alembic copies it, drops it and renames the copy.

What such a rebuild does to other tables, and what it loses, is decided once for each `batch_alter_table` block.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp, AlterColumnOp, BulkInsertOp, CreateTableOp, DropColumnOp

from .copies import mentions
from .ops import SettingOp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .recorded import Batch, RecordedOp
    from .state import ColumnState, ConstraintState, IndexState, State, TableState

_OFF = frozenset(("off", "0", "false", "no"))


def starts_rebuild(step: RecordedOp, earlier: Iterable[RecordedOp]) -> Batch | None:
    """Return the block that an operation is the first of, if the block rebuilds its table."""
    batch = step.batch
    if batch is None or not batch.recreates or not _is_of(step, batch):
        return None
    return None if any(True for _ in in_block(earlier, batch)) else batch


def rebuild_under_foreign_keys(
    step: RecordedOp, earlier: Sequence[RecordedOp], *, usually: bool
) -> Batch | None:
    """Return the block that an operation is the first of, if it rebuilds its table while foreign keys are on.

    :param usually: whether they are on where the revision does not say.
    """
    batch = starts_rebuild(step, earlier)
    return batch if batch is not None and foreign_keys_on(earlier, usually=usually) else None


def in_block(steps: Iterable[RecordedOp], batch: Batch) -> Iterator[RecordedOp]:
    """Yield the operations of a block; what merely stands in its lines, as `op.execute` does, is not one of them."""
    return (s for s in steps if s.batch is not None and s.batch.number == batch.number and _is_of(s, batch))


def _is_of(step: RecordedOp, batch: Batch) -> bool:
    other = isinstance(step.op, (BulkInsertOp, CreateTableOp))
    return step.source == "op" and not other and step.table == batch.table


def dropped_columns(steps: Iterable[RecordedOp], batch: Batch) -> set[str]:
    """Return the columns that a block takes away."""
    return {str(s.op.column_name) for s in in_block(steps, batch) if isinstance(s.op, DropColumnOp)}


def retyped_columns(steps: Iterable[RecordedOp], batch: Batch) -> set[str]:
    """Return the columns that a block gives a new type, or makes anew."""
    found = set()
    for step in in_block(steps, batch):
        if isinstance(step.op, AlterColumnOp) and step.op.modify_type is not None:
            found.add(str(step.op.column_name))
        elif isinstance(step.op, AddColumnOp):
            found.add(str(step.op.column.name))
    return found


def setting(steps: Iterable[RecordedOp], name: str, *, outside_transaction: bool = False) -> bool | None:
    """Return whether the last `PRAGMA name = …` switched it on; None if there is none.

    :param outside_transaction: count only what stands in an autocommit block: SQLite ignores some pragmas elsewhere.
    """
    last = None
    for step in steps:
        op = step.op
        if (
            isinstance(op, SettingOp)
            and op.name.lower() == name
            and (step.autocommit or not outside_transaction)
        ):
            last = str(op.value).strip("'\"").lower() not in _OFF
    return last


def referring(state: State, table: str, revision: str) -> Iterator[tuple[TableState, ConstraintState]]:
    """Yield the foreign keys whose rows feel it when the rows of a table are deleted.

    :param revision: tables that it created, and put no rows into, feel nothing.
    """
    for child, constraint in state.referencing(table):
        if child.created_in != revision or child.filled:
            yield child, constraint


def costs_no_rows(state: State, table: str | None, *, enforced: bool) -> bool:
    """True if a rebuild takes no rows of other tables along; otherwise a person has to decide on it.

    :param enforced: foreign keys are on.
    """
    return not enforced or table is None or not any(state.referencing(table))


def on_delete(constraint: ConstraintState) -> str:
    """Return what happens to a referring row: CASCADE, SET NULL, SET DEFAULT, RESTRICT or NO ACTION."""
    return (constraint.ondelete or "NO ACTION").upper()


def takes_part(column: str, constraint: ConstraintState) -> bool:
    """True if a constraint is about a column; a check is by naming it."""
    named = re.search(rf"(?<!\w){re.escape(column)}(?!\w)", constraint.expression or "", re.IGNORECASE)
    return column in constraint.columns or named is not None


def index_uses(index: IndexState, column: str, *, rebuilt: bool) -> bool:
    """True if an index does not let a column be dropped; a rebuild leaves out indexes on expressions."""
    if index.where is not None and mentions(index.where, column):
        return True
    computed = index.has_expressions and any(mentions(part, column) for part in index.columns)
    return column in index.columns or (computed and not rebuilt)


def constraint_uses(constraint: ConstraintState, column: str, *, rebuilt: bool) -> bool:
    """True if a constraint does not let a column be dropped; a rebuild leaves out all but checks with a name."""
    if rebuilt:
        return constraint.kind == "check" and constraint.name is not None and takes_part(column, constraint)
    return not constraint.inline and takes_part(column, constraint)


def computed_from(state: State, table: TableState, column: str) -> Iterator[str]:
    """Yield the views and generated columns that read a column; of a view of several tables, if it shows the column."""
    for view in state.views_on(table.key):
        if column in view.columns or (len(view.sources) == 1 and mentions(view.query, column)):
            yield f"view {view.name}"
    for other in table.columns.values():
        if other.name != column and mentions(other.formula or "", column):
            yield f"generated column {other.name}"


def computed_columns(table: TableState) -> list[ColumnState]:
    """Return the generated columns of a table."""
    return [column for column in table.columns.values() if column.computed]


def foreign_keys_on(earlier: Iterable[RecordedOp], *, usually: bool) -> bool:
    """True if SQLite enforces foreign keys here: a revision switches that outside of a transaction only."""
    switched = setting(earlier, "foreign_keys", outside_transaction=True)
    return usually if switched is None else switched


def without_foreign_keys(code: str) -> str:
    """Return Python source that runs `code` while SQLite does not enforce foreign keys."""
    block = 'with op.get_context().autocommit_block():\n    op.execute("PRAGMA foreign_keys={}")'
    return "\n".join([block.format("OFF"), code, block.format("ON"), "# then: PRAGMA foreign_key_check"])


def temporary_name(batch: Batch) -> str:
    """Return the name that Alembic 1.20 gives to the copy."""
    return f"_alembic_tmp_{batch.table_name}"[:50]
