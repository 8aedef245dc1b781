"""SQLite: one writer at a time for the whole database, and what a rebuild of a table costs.

Read in the SQLite documentation ("ALTER TABLE", "Isolation"): the file has one write lock; ADD COLUMN, RENAME and
DROP COLUMN change the stored schema, DROP COLUMN rewrites the rows as well. Alembic's batch mode copies the table.
"""

from __future__ import annotations

from collections.abc import Iterable

from alembic.operations.ops import AddColumnOp, BulkInsertOp, CreateIndexOp, DropColumnOp, MigrateOperation

from ...core.effect import Blocks, Effect
from ...core.ops import DmlOp, HarmlessOp, RewriteTableOp, SelectOp, SettingOp, TransactionOp
from .change import Change

_NOTHING = (SelectOp, SettingOp, TransactionOp, HarmlessOp)
_ROWS = (DmlOp, BulkInsertOp)
_DOCUMENTED = "SQLite documentation"


def sqlite_effects(change: Change) -> Iterable[Effect]:
    """Return what an operation does on SQLite: every change locks the whole database against other writers."""
    op, batch = change.step.op, change.step.batch
    if isinstance(op, _NOTHING):
        return ()
    if batch is not None and batch.recreates:
        return (_locked(change.table, rewrites=True, scans=True),)
    tables = (change.table,) if change.table else ()
    return tuple(_in_place(table, op) for table in tables)


def _in_place(table: str, op: MigrateOperation) -> Effect:
    rows = (
        isinstance(op, _ROWS)
        and getattr(op, "kind", "insert") != "insert"
        and not getattr(op, "limited", False)
    )
    return _locked(
        table,
        rewrites=isinstance(op, (DropColumnOp, RewriteTableOp)),
        scans=rows or _tests_rows(op),
        builds_index=isinstance(op, CreateIndexOp),
    )


def _tests_rows(op: MigrateOperation) -> bool:
    """True for a column whose constraints SQLite 3.37 and later test against the rows that are there."""
    return isinstance(op, AddColumnOp) and bool(op.column.constraints or not op.column.nullable)


def _locked(table: str, *, rewrites: bool = False, scans: bool = False, builds_index: bool = False) -> Effect:
    return Effect(
        table,
        "write lock on the whole database",
        Blocks.WRITES,
        rewrites=rewrites,
        scans=scans,
        builds_index=builds_index,
        evidence=_DOCUMENTED,
    )
