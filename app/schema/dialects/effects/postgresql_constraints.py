"""PostgreSQL: constraints and indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import (
    CreateCheckConstraintOp,
    CreateForeignKeyOp,
    CreateIndexOp,
    CreatePrimaryKeyOp,
    CreateUniqueConstraintOp,
    DropConstraintOp,
    DropIndexOp,
)

from ...core.effect import Blocks, Effect, Lock
from ...core.foreign_keys import held_by_partitions, new_keys
from ...core.ops import (
    AddExclusionOp,
    AttachIndexOp,
    ReindexOp,
    RenameConstraintOp,
    RenameIndexOp,
    ValidateConstraintOp,
)
from .change import key_of
from .postgresql_base import each, entry, exclusive, locked
from .postgresql_columns import may_hold_null

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ...core.state import ConstraintState
    from .change import Change


@entry.register(CreateForeignKeyOp)
def _create_foreign_key(op: CreateForeignKeyOp, change: Change) -> Iterator[Effect]:
    parent = key_of(op.referent_table, op.kw.get("referent_schema"))
    if any(held_by_partitions(key, change.known, change.state) for key in new_keys(op)):
        # The keys of the partitions become parts of the new one; their triggers on the other table go.
        yield locked(change.table, Lock.SHARE_ROW_EXCLUSIVE)
        yield exclusive(parent)
        return
    # A join reads both tables, unless the planner takes an index of the other.
    scans = _is_tested(op.kw, change)
    yield locked(change.table, Lock.SHARE_ROW_EXCLUSIVE, scans=scans)
    yield locked(parent, Lock.SHARE_ROW_EXCLUSIVE, scans=scans)


@entry.register(CreateCheckConstraintOp)
def _create_check(op: CreateCheckConstraintOp, change: Change) -> Iterator[Effect]:
    yield exclusive(change.table, scans=_is_tested(op.kw, change))


def _is_tested(options: Mapping[str, object], change: Change) -> bool:
    """True if the rows that are there are held against the new constraint."""
    return not options.get("postgresql_not_valid") and not change.has("not_enforced")


@entry.register(CreateUniqueConstraintOp)
def _create_unique(op: CreateUniqueConstraintOp, change: Change) -> Iterator[Effect]:
    builds = not op.kw.get("postgresql_using_index")
    yield exclusive(change.table, builds_index=builds)
    yield from _keys_of_partitions(change, builds_index=builds)


def _keys_of_partitions(change: Change, *, builds_index: bool) -> Iterator[Effect]:
    # Measured: SHARE on 15.20, ACCESS EXCLUSIVE on 18.6; what lies between is taken for the worse.
    lock = Lock.ACCESS_EXCLUSIVE if change.server.at_least(16) else Lock.SHARE
    yield from each(change.known.partitions if change.known else (), lock, builds_index=builds_index)


@entry.register(CreatePrimaryKeyOp)
def _create_primary_key(op: CreatePrimaryKeyOp, change: Change) -> Iterator[Effect]:
    ready = op.kw.get("postgresql_using_index")
    columns = [str(column) for column in op.columns or _index_columns(str(ready), change)]
    yield exclusive(
        change.table,
        builds_index=not ready,
        scans=not columns or any(may_hold_null(column, change) for column in columns),
    )
    yield from _keys_of_partitions(change, builds_index=not ready)


def _index_columns(name: str, change: Change) -> tuple[str, ...]:
    index = change.known.indexes.get(name) if change.known else None
    return index.columns if index else ()


@entry.register(AddExclusionOp)
def _add_exclusion(op: AddExclusionOp, change: Change) -> Iterator[Effect]:
    del op
    yield exclusive(change.table, builds_index=True)


@entry.register(ValidateConstraintOp)
def _validate(op: ValidateConstraintOp, change: Change) -> Iterator[Effect]:
    constraint = change.known.constraint(str(op.constraint_name)) if change.known else None
    scans = constraint is None or not constraint.validated
    yield locked(change.table, Lock.SHARE_UPDATE_EXCLUSIVE, scans=scans)
    if constraint is not None and constraint.referred_table and scans:
        yield locked(constraint.referred_table, Lock.ROW_SHARE, scans=True)


@entry.register(RenameConstraintOp)
def _rename_constraint(op: RenameConstraintOp, change: Change) -> Iterator[Effect]:
    del op
    yield exclusive(change.table)


@entry.register(DropConstraintOp)
def _drop_constraint(op: DropConstraintOp, change: Change) -> Iterator[Effect]:
    yield exclusive(change.table)
    constraint = change.known.constraint(str(op.constraint_name)) if change.known else None
    if constraint is not None:
        yield from each(_partners(constraint, change))


def _partners(constraint: ConstraintState, change: Change) -> Iterator[str | None]:
    yield constraint.referred_table
    if constraint.kind in ("primary key", "unique") and change.has("cascade"):
        for table, key in change.state.referencing(change.table):
            if set(key.referred_columns) == set(constraint.columns):
                yield table.key


@entry.register(CreateIndexOp)
def _create_index(op: CreateIndexOp, change: Change) -> Iterator[Effect]:
    if op.kw.get("postgresql_concurrently"):
        yield locked(change.table, Lock.SHARE_UPDATE_EXCLUSIVE, builds_index=True)
        return
    only = change.has("only")
    yield locked(change.table, Lock.SHARE, builds_index=not only)


@entry.register(DropIndexOp)
def _drop_index(op: DropIndexOp, change: Change) -> Iterator[Effect]:
    table = change.table or _table_of(str(op.index_name), change)
    concurrently = op.kw.get("postgresql_concurrently")
    if table:
        yield locked(table, Lock.SHARE_UPDATE_EXCLUSIVE if concurrently else Lock.ACCESS_EXCLUSIVE)


def _table_of(index: str, change: Change) -> str | None:
    found = change.state.index(index) or change.state.index(index.rpartition(".")[2])
    return found[0].key if found else None


@entry.register(RenameIndexOp)
def _rename_index(op: RenameIndexOp, change: Change) -> Iterator[Effect]:
    # The lock is on the index alone, and it lets everybody go on reading and writing.
    table = change.table or _table_of(op.index_name, change)
    if table:
        yield locked(table, Lock.NONE)


@entry.register(AttachIndexOp)
def _attach_index(op: AttachIndexOp, change: Change) -> Iterator[Effect]:
    yield from each([_table_of(op.index_name, change)], Lock.ACCESS_SHARE)
    # The partition's index is locked ACCESS EXCLUSIVE, and whoever plans a query opens it.
    if partition := _table_of(op.partition_index, change):
        yield locked(partition, Lock.ACCESS_SHARE, blocks=Blocks.READS_AND_WRITES)


@entry.register(ReindexOp)
def _reindex(op: ReindexOp, change: Change) -> Iterator[Effect]:
    for table in _reindexed(op, change):
        if op.concurrently:
            yield locked(table, Lock.SHARE_UPDATE_EXCLUSIVE, builds_index=True)
        else:
            # The index itself is locked ACCESS EXCLUSIVE, and whoever plans a query on the table opens its indexes.
            yield locked(table, Lock.SHARE, builds_index=True, blocks=Blocks.READS_AND_WRITES)


def _reindexed(op: ReindexOp, change: Change) -> Iterator[str]:
    if op.kind == "table" and op.name:
        yield key_of(op.name, op.schema)
    elif op.kind == "index" and op.name:
        yield from filter(None, [_table_of(op.name, change)])
    else:
        schema = op.name if op.kind == "schema" else None
        yield from (key for key, table in change.state.tables.items() if schema in (None, table.schema))
