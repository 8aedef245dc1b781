"""What operations on types, views, sequences, partitions and rows do to the state."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from alembic.operations import ops

from ...core import ops as own
from ...core.state import State, TableState, TypeState, ViewState
from .dispatch import apply_op, key_of, table_for

if TYPE_CHECKING:
    from ...core.recorded import RecordedOp


# A table with more rows than this is no longer taken for empty within its revision.
MANY_ROWS = 1000


@apply_op.register(own.CreateEnumOp)
def _create_enum(op: own.CreateEnumOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    key = key_of(op.name, op.schema)
    state.types[key] = TypeState(op.name, "enum", op.values, created_in=revision)


@apply_op.register(own.AddEnumValueOp)
def _add_value(op: own.AddEnumValueOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    known = state.types.get(key_of(op.name, op.schema))
    if known is not None and op.value not in known.values:
        known.values = (*known.values, op.value)


@apply_op.register(own.RenameEnumValueOp)
def _rename_value(
    op: own.RenameEnumValueOp, state: State, step: RecordedOp, revision: str, engine: str
) -> None:
    known = state.types.get(key_of(op.name, op.schema))
    if known is not None:
        known.values = tuple(op.new_value if value == op.value else value for value in known.values)


@apply_op.register(own.RenameTypeOp)
def _rename_type(op: own.RenameTypeOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    known = state.types.pop(key_of(op.name, op.schema), None)
    if known is not None:
        known.name = op.new_name
        state.types[key_of(op.new_name, op.schema)] = known
    for column in (column for table in state.tables.values() for column in table.columns.values()):
        if (
            getattr(column.type, "name", None) == op.name
            and getattr(column.type, "schema", None) == op.schema
        ):
            kind: Any = copy(column.type)
            kind.name = op.new_name
            column.type = kind


@apply_op.register(own.DropTypeOp)
def _drop_type(op: own.DropTypeOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    state.types.pop(key_of(op.name, op.schema), None)


@apply_op.register(own.CreateDomainOp)
def _create_domain(
    op: own.CreateDomainOp, state: State, step: RecordedOp, revision: str, engine: str
) -> None:
    key = key_of(op.name, op.schema)
    state.types[key] = TypeState(op.name, "domain", constrained=op.constrained, created_in=revision)


@apply_op.register(own.AlterDomainOp)
def _alter_domain(op: own.AlterDomainOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    known = state.types.get(key_of(op.name, op.schema))
    if known is not None and op.action in ("add check", "add check not valid", "set not null"):
        known.constrained = True


@apply_op.register(own.ViewOp)
def _view(op: own.ViewOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    key = key_of(op.name, op.schema)
    if op.action == "drop":
        state.views.pop(key, None)
    elif op.action in ("create", "replace"):
        made_in = state.views[key].created_in if key in state.views else revision
        state.views[key] = ViewState(
            op.name, op.materialized, op.columns, op.sources, step.sql or "", made_in
        )


@apply_op.register(own.SequenceOp)
def _sequence(op: own.SequenceOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    key = key_of(op.name, op.schema)
    if op.action == "drop":
        state.sequences.pop(key, None)
    else:
        state.sequences[key] = op.type_name or state.sequences.get(key)


@apply_op.register(own.CreatePartitionOp)
def _create_partition(
    op: own.CreatePartitionOp, state: State, step: RecordedOp, revision: str, engine: str
) -> None:
    parent = table_for(state, op.table_name, op.schema)
    state.tables[op.partition] = TableState(
        op.partition.rpartition(".")[2],
        columns=dict(parent.columns),
        created_in=revision,
        partition_of=parent.key,
    )
    _attach(parent, op.partition, default=op.default)


@apply_op.register(own.AttachPartitionOp)
def _attach_partition(
    op: own.AttachPartitionOp, state: State, step: RecordedOp, revision: str, engine: str
) -> None:
    _attach(table_for(state, op.table_name, op.schema), op.partition, default=op.default)
    table_for(state, op.partition, None).partition_of = key_of(op.table_name, op.schema)


def _attach(parent: TableState, partition: str, *, default: bool) -> None:
    parent.partitioned = True
    parent.partitions.append(partition)
    if default:
        parent.default_partition = partition


@apply_op.register(own.DetachPartitionOp)
def _detach_partition(
    op: own.DetachPartitionOp, state: State, step: RecordedOp, revision: str, engine: str
) -> None:
    parent = table_for(state, op.table_name, op.schema)
    parent.partitions = [name for name in parent.partitions if name != op.partition]
    partition = state.table(op.partition)
    if partition is not None:
        partition.partition_of = None


@apply_op.register(own.TriggerOp)
def _trigger(op: own.TriggerOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    if op.action == "drop":
        # MySQL and SQLite name no table: there a trigger's name is unique in the schema.
        for table in state.tables.values():
            if not op.table_name or table.key == key_of(op.table_name, op.schema):
                table.triggers.discard(op.name)
    else:
        table_for(state, op.table_name, op.schema).triggers.add(op.name)


@apply_op.register(own.TableRuleOp)
def _policy(op: own.TableRuleOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    if op.kind != "policy":
        return
    policies = table_for(state, op.table_name, op.schema).policies
    if op.action == "drop":
        policies.pop(op.name, None)
    else:
        policies[op.name] = step.sql or ""


@apply_op.register(own.DmlOp)
def _rows(op: own.DmlOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    table = state.table(key_of(op.table_name, op.schema))
    if table is not None and op.kind in ("insert", "merge") and op.from_query:
        table.filled = True
    if table is not None and op.kind == "update":
        for column in (table.columns[name] for name in op.columns if name in table.columns):
            column.filled = True


@apply_op.register(ops.BulkInsertOp)
def _bulk_insert(op: ops.BulkInsertOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    table = state.table(key_of(op.table.name, op.table.schema))
    if table is not None and len(op.rows) > MANY_ROWS:
        table.filled = True
