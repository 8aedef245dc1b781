"""PostgreSQL: whole tables, partitions, triggers, rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic.operations.ops import (
    BulkInsertOp,
    CreateTableCommentOp,
    CreateTableOp,
    DropTableCommentOp,
    DropTableOp,
    RenameTableOp,
)

from ...core.effect import Blocks, Effect, Lock
from ...core.ops import (
    AttachPartitionOp,
    CreatePartitionOp,
    DetachPartitionOp,
    DmlOp,
    LockTableOp,
    RewriteTableOp,
    SelectOp,
    TableOptionOp,
    TableRuleOp,
    TriggerOp,
    TruncateOp,
)
from .change import key_of
from .postgresql_base import MEASURED, each, entry, exclusive, locked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .change import Change

# Options of ALTER TABLE that take another lock than ACCESS EXCLUSIVE.
_OPTION_LOCKS = {
    "storage parameters": Lock.SHARE_UPDATE_EXCLUSIVE,
    "statistics": Lock.SHARE_UPDATE_EXCLUSIVE,
    "cluster on": Lock.SHARE_UPDATE_EXCLUSIVE,
    "comment": Lock.SHARE_UPDATE_EXCLUSIVE,
    "enable trigger": Lock.SHARE_ROW_EXCLUSIVE,
    "disable trigger": Lock.SHARE_ROW_EXCLUSIVE,
}
_REWRITING_OPTIONS = ("logged", "unlogged", "tablespace", "access method")


@entry.register(CreateTableOp)
def _create_table(op: CreateTableOp, change: Change) -> Iterator[Effect]:
    yield locked(
        change.table, Lock.ACCESS_EXCLUSIVE, blocks=Blocks.NOBODY,
        evidence=f"nobody sees the table before the commit; {MEASURED}",
    )  # fmt: skip
    parents = dict.fromkeys(_referred(op))
    yield from each((parent for parent in parents if parent != change.table), Lock.SHARE_ROW_EXCLUSIVE)


def _referred(op: CreateTableOp) -> Iterator[str]:
    for item in op.columns:
        if isinstance(item, sa.Column):
            yield from (key.target_fullname.rpartition(".")[0] for key in item.foreign_keys)
        elif isinstance(item, sa.ForeignKeyConstraint):
            yield from (element.target_fullname.rpartition(".")[0] for element in item.elements[:1])


@entry.register(DropTableOp)
def _drop_table(op: DropTableOp, change: Change) -> Iterator[Effect]:
    del op
    yield exclusive(change.table)
    if change.known is None:
        return
    yield from each(key.referred_table for key in change.known.of_kind("foreign key"))
    if change.has("cascade"):
        yield from each(table.key for table, _ in change.state.referencing(change.table))
    yield from each([change.known.partition_of])


@entry.register(RenameTableOp)
def _rename_table(op: RenameTableOp, change: Change) -> Iterator[Effect]:
    del op
    yield exclusive(change.table)


@entry.register(CreateTableCommentOp)
@entry.register(DropTableCommentOp)
def _comment(op: CreateTableCommentOp | DropTableCommentOp, change: Change) -> Iterator[Effect]:
    del op
    yield locked(change.table, Lock.SHARE_UPDATE_EXCLUSIVE)


@entry.register(TableOptionOp)
def _table_option(op: TableOptionOp, change: Change) -> Iterator[Effect]:
    lock = _OPTION_LOCKS.get(op.option, Lock.ACCESS_EXCLUSIVE)
    yield locked(change.table, lock, rewrites=op.option in _REWRITING_OPTIONS)
    if op.option == "inherit" and op.value:
        yield locked(op.value, Lock.SHARE_UPDATE_EXCLUSIVE)


@entry.register(RewriteTableOp)
def _rewrite_table(op: RewriteTableOp, change: Change) -> Iterator[Effect]:
    if op.concurrently:
        yield from each([change.table], Lock.SHARE_UPDATE_EXCLUSIVE, rewrites=True, builds_index=True)
        return
    tables = [change.table] if change.table else list(change.state.tables)
    yield from each(tables, rewrites=True, builds_index=True)


@entry.register(TruncateOp)
def _truncate(op: TruncateOp, change: Change) -> Iterator[Effect]:
    yield from each(op.tables)
    if op.cascade:
        yield from each(_referencing(list(op.tables), change))


def _referencing(tables: list[str], change: Change) -> Iterator[str]:
    """Yield the tables whose keys point at the given ones, and those that point at these."""
    seen = set(tables)
    while tables:
        for table, _ in change.state.referencing(tables.pop()):
            if table.key not in seen:
                seen.add(table.key)
                tables.append(table.key)
                yield table.key


@entry.register(LockTableOp)
def _lock_table(op: LockTableOp, change: Change) -> Iterator[Effect]:
    del change
    yield from each(op.tables, Lock[op.mode.replace(" ", "_")])


@entry.register(CreatePartitionOp)
def _create_partition(op: CreatePartitionOp, change: Change) -> Iterator[Effect]:
    yield exclusive(change.table)
    if change.known and change.known.default_partition:
        yield exclusive(change.known.default_partition, scans=True)


@entry.register(AttachPartitionOp)
def _attach_partition(op: AttachPartitionOp, change: Change) -> Iterator[Effect]:
    lock = Lock.SHARE_UPDATE_EXCLUSIVE if change.server.at_least(12) else Lock.ACCESS_EXCLUSIVE
    yield locked(change.table, lock)
    # A validated CHECK that implies the bounds saves the scan; whether one does is not worked out here.
    # It gets the indexes of the parent that it lacks.
    yield exclusive(op.partition, scans=True, builds_index=bool(change.known and change.known.indexes))
    if change.known and change.known.default_partition:
        yield exclusive(change.known.default_partition, scans=True)


@entry.register(DetachPartitionOp)
def _detach_partition(op: DetachPartitionOp, change: Change) -> Iterator[Effect]:
    if op.concurrently:
        yield locked(change.table, Lock.SHARE_UPDATE_EXCLUSIVE)
        yield locked(op.partition, Lock.ACCESS_EXCLUSIVE)
        return
    yield exclusive(change.table)
    yield exclusive(op.partition)
    yield from each([change.known.default_partition if change.known else None])


@entry.register(TriggerOp)
def _trigger(op: TriggerOp, change: Change) -> Iterator[Effect]:
    creates = op.action in ("create", "replace")
    yield locked(change.table, Lock.SHARE_ROW_EXCLUSIVE if creates else Lock.ACCESS_EXCLUSIVE)


@entry.register(TableRuleOp)
def _table_rule(op: TableRuleOp, change: Change) -> Iterator[Effect]:
    del op
    yield exclusive(change.table)


@entry.register(BulkInsertOp)
def _insert_rows(op: BulkInsertOp, change: Change) -> Iterator[Effect]:
    yield locked(change.table or key_of(op.table.name, op.table.schema), Lock.ROW_EXCLUSIVE)


@entry.register(DmlOp)
def _change_rows(op: DmlOp, change: Change) -> Iterator[Effect]:
    scans = op.kind in ("update", "delete", "merge") and not op.limited
    yield locked(change.table, Lock.ROW_EXCLUSIVE, scans=scans)


@entry.register(SelectOp)
def _select(op: SelectOp, change: Change) -> Iterator[Effect]:
    del change
    yield from each(op.tables, Lock.ACCESS_SHARE)
