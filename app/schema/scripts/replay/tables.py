"""What operations on tables and columns do to the state."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from alembic.operations import ops
from sqlalchemy import Enum, ForeignKeyConstraint

from ...core.ops import TableOptionOp, TruncateOp
from ...core.restating import forget, restates
from ...core.state import ColumnState, ConstraintState, IndexState, State, TableState, TypeState
from .dispatch import apply_op, key_of, table_for
from .table_state import add_index, column_state, default_text, fill, inline_checks, make_index

if TYPE_CHECKING:
    from sqlalchemy import Column

    from ...core.recorded import RecordedOp


@apply_op.register(ops.CreateTableOp)
def _create_table(op: ops.CreateTableOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    key = key_of(op.table_name, op.schema)
    if op.if_not_exists and key in state.tables and state.tables[key].known:
        return
    table = TableState(str(op.table_name), op.schema, created_in=revision)
    fill(table, op.to_table(), revision, engine)
    if step.source != "op":
        _mark_inline(table, op)
    table.partitioned = bool(op.kw.get("postgresql_partition_by"))
    table.options = {name: str(value) for name, value in op.kw.items()}
    state.tables[key] = table
    if engine == "postgresql":
        _create_enum_types(state, table, revision)


def _mark_inline(table: TableState, op: ops.CreateTableOp) -> None:
    """Mark the foreign keys that the SQL writes with their column; SQLAlchemy writes them behind the columns."""
    behind = {
        tuple(map(str, part.column_keys)) for part in op.columns if isinstance(part, ForeignKeyConstraint)
    }
    for constraint in table.of_kind("foreign key"):
        constraint.inline = constraint.columns not in behind


def _create_enum_types(state: State, table: TableState, revision: str) -> None:
    """Create the enum types of a new table: on PostgreSQL, SQLAlchemy does so before CREATE TABLE."""
    for column in table.columns.values():
        kind = column.type
        if isinstance(kind, Enum) and kind.native_enum and kind.name and getattr(kind, "create_type", True):
            key = key_of(kind.name, kind.schema)
            state.types.setdefault(key, TypeState(kind.name, "enum", tuple(kind.enums), created_in=revision))


@apply_op.register(ops.DropTableOp)
def _drop_table(op: ops.DropTableOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    gone = key_of(op.table_name, op.schema)
    known = state.tables.pop(gone, None)
    state.note_dropped(revision, gone, [known] if known else [])
    for partition in known.partitions if known else ():
        state.tables.pop(partition, None)
    if "cascade" in step.clauses:
        for table in state.tables.values():
            table.constraints = [c for c in table.constraints if c.referred_table != gone]


@apply_op.register(ops.RenameTableOp)
def _rename_table(op: ops.RenameTableOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    old = key_of(op.table_name, op.schema)
    table = state.tables.pop(old, None) or TableState(str(op.table_name), op.schema, known=False)
    table.name = str(op.new_table_name)
    state.tables[table.key] = table
    for _, constraint in state.referencing(old):
        constraint.referred_table = table.key


@apply_op.register(ops.AddColumnOp)
def _add_column(op: ops.AddColumnOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    table = table_for(state, op.table_name, op.schema)
    column: Column[Any] = op.column
    table.columns[str(column.name)] = column_state(column, revision)
    name = str(column.name)
    if column.primary_key:
        table.constraints.append(ConstraintState("primary key", None, (name,), added_in=revision))
    if column.unique:
        table.constraints.append(
            ConstraintState("unique", f"{table.name}_{name}_key", (name,), added_in=revision)
        )
    if column.index:
        add_index(table, make_index(f"ix_{table.name}_{name}", [name], {}, revision, unique=False))
    added = _column_constraints(column, table, revision, engine)
    for constraint in added:
        constraint.inline = constraint.inline or bool(op.inline_references)
    table.constraints += added


def _column_constraints(
    column: Column[Any], table: TableState, revision: str, engine: str
) -> list[ConstraintState]:
    """Return the foreign keys and checks that are written with a column."""
    found: list[ConstraintState] = []
    for key in column.foreign_keys:
        target, _, referred = str(key.target_fullname).rpartition(".")
        name = str(key.name) if key.name else f"{table.name}_{column.name}_fkey"
        found.append(
            ConstraintState(
                "foreign key", name, (str(column.name),), target, (referred,), ondelete=key.ondelete
            )
        )
    for constraint in found:
        constraint.added_in = revision
    return found + inline_checks(column, revision, table.name, engine, table.columns)


@apply_op.register(ops.DropColumnOp)
def _drop_column(op: ops.DropColumnOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    table = table_for(state, op.table_name, op.schema)
    name = str(op.column_name)
    column = table.columns.pop(name, None)
    state.note_dropped(revision, table.key, [column] if column else [])
    table.constraints = [c for c in table.constraints if not _takes_part(name, c)]
    table.indexes = {key: index for key, index in table.indexes.items() if name not in index.columns}


def _takes_part(column: str, constraint: ConstraintState) -> bool:
    """True if a constraint goes with a column; a check does so by naming it."""
    named = re.search(rf"\b{re.escape(column)}\b", constraint.expression or "") is not None
    return column in constraint.columns or named


@apply_op.register(ops.AlterColumnOp)
def _alter_column(op: ops.AlterColumnOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    table = table_for(state, op.table_name, op.schema)
    column = table.columns.get(str(op.column_name))
    if column is None:
        return
    if engine in ("mysql", "mariadb") and _describes_anew(op, step):
        forget(column, op, in_key=column.name in table.primary_key)
    if op.modify_type is not None:
        column.type = op.modify_type() if isinstance(op.modify_type, type) else op.modify_type
        column.collation = getattr(column.type, "collation", None)
    _alter_nullability(op, table, column, revision)
    if op.modify_server_default is not False:
        column.default = default_text(op.modify_server_default)
    if op.modify_comment is not False:
        column.comment = op.modify_comment
    if op.modify_name is not None:
        _rename_column(table, column.name, str(op.modify_name))


def _describes_anew(op: ops.AlterColumnOp, step: RecordedOp) -> bool:
    return "restates" in step.clauses or (step.source == "op" and restates(op))


def _alter_nullability(op: ops.AlterColumnOp, table: TableState, column: ColumnState, revision: str) -> None:
    if op.kw.get("postgresql_not_valid"):
        name = op.kw.get("postgresql_constraint")
        table.constraints.append(
            ConstraintState("not null", name, (column.name,), validated=False, added_in=revision)
        )
    elif op.modify_nullable is not None:
        column.nullable = op.modify_nullable
        column.filled = column.filled and not op.modify_nullable


def _rename_column(table: TableState, old: str, new: str) -> None:
    """Follow a column's new name in its table, keeping the order of the columns."""
    table.columns[old].name = new
    table.columns = {column.name: column for column in table.columns.values()}
    holders: list[ConstraintState | IndexState] = [*table.constraints, *table.indexes.values()]
    for holder in holders:
        holder.columns = tuple(new if name == old else name for name in holder.columns)


@apply_op.register(TableOptionOp)
def _option(op: TableOptionOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    table = table_for(state, op.table_name, op.schema)
    if op.option == "set schema" and op.value:
        state.tables.pop(table.key, None)
        table.schema = op.value
        state.tables[table.key] = table
    table.options[op.option] = op.value or ""


@apply_op.register(TruncateOp)
def _truncate(op: TruncateOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    for name in op.tables:
        table = state.table(name)
        if table is not None:
            table.filled = False
