"""What operations on constraints and indexes do to the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations import ops

from ...core.ops import AddExclusionOp, RenameConstraintOp, RenameIndexOp, ValidateConstraintOp
from ...core.state import ConstraintState, State, TableState
from .dispatch import apply_op, key_of, table_for
from .table_state import add_index, default_name, make_index

if TYPE_CHECKING:
    from ...core.recorded import RecordedOp


def _add(table: TableState, constraint: ConstraintState, revision: str, engine: str) -> None:
    constraint.added_in = revision
    constraint.name = constraint.name or default_name(constraint, table.name, engine, table.columns)
    table.constraints.append(constraint)


def _name_of_key(op: ops.CreateUniqueConstraintOp | ops.CreatePrimaryKeyOp) -> str | None:
    """Return the name of the constraint; one that takes over an index has the index's, unless it says another."""
    return _name(op.constraint_name) or op.kw.get("postgresql_using_index")


def _name(value: object) -> str | None:
    return str(value) if isinstance(value, str) else None


@apply_op.register(ops.CreateUniqueConstraintOp)
def _unique(
    op: ops.CreateUniqueConstraintOp, state: State, step: RecordedOp, revision: str, engine: str
) -> None:
    table = table_for(state, op.table_name, op.schema)
    columns = tuple(map(str, op.columns)) or _index_columns(table, op.kw.get("postgresql_using_index"))
    _add(table, ConstraintState("unique", _name_of_key(op), columns), revision, engine)


@apply_op.register(ops.CreatePrimaryKeyOp)
def _primary_key(
    op: ops.CreatePrimaryKeyOp, state: State, step: RecordedOp, revision: str, engine: str
) -> None:
    table = table_for(state, op.table_name, op.schema)
    columns = tuple(map(str, op.columns)) or _index_columns(table, op.kw.get("postgresql_using_index"))
    _add(table, ConstraintState("primary key", _name_of_key(op), columns), revision, engine)
    for name in columns:
        if name in table.columns:
            table.columns[name].nullable = False


def _index_columns(table: TableState, index: str | None) -> tuple[str, ...]:
    """Return the columns of an index that a constraint takes over, and give the index to the constraint."""
    taken = table.indexes.pop(index, None) if index else None
    return taken.columns if taken else ()


@apply_op.register(ops.CreateForeignKeyOp)
def _foreign_key(
    op: ops.CreateForeignKeyOp, state: State, step: RecordedOp, revision: str, engine: str
) -> None:
    table = table_for(state, op.source_table, op.kw.get("source_schema"))
    constraint = ConstraintState(
        "foreign key",
        _name(op.constraint_name),
        tuple(map(str, op.local_cols)),
        referred_table=key_of(op.referent_table, op.kw.get("referent_schema")),
        referred_columns=tuple(map(str, op.remote_cols)),
        validated=not op.kw.get("postgresql_not_valid"),
        ondelete=op.kw.get("ondelete"),
    )
    _add(table, constraint, revision, engine)


@apply_op.register(ops.CreateCheckConstraintOp)
def _check(
    op: ops.CreateCheckConstraintOp, state: State, step: RecordedOp, revision: str, engine: str
) -> None:
    table = table_for(state, op.table_name, op.schema)
    constraint = ConstraintState(
        "check",
        _name(op.constraint_name),
        expression=str(op.condition),
        validated=not op.kw.get("postgresql_not_valid"),
    )
    _add(table, constraint, revision, engine)


@apply_op.register(AddExclusionOp)
def _exclusion(op: AddExclusionOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    table = table_for(state, op.table_name, op.schema)
    _add(table, ConstraintState("exclude", op.constraint_name), revision, engine)


@apply_op.register(ValidateConstraintOp)
def _validate(op: ValidateConstraintOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    table = table_for(state, op.table_name, op.schema)
    constraint = table.constraint(op.constraint_name)
    if constraint is None:
        return
    constraint.validated = True
    if constraint.kind == "not null":
        for column in filter(None, map(table.columns.get, constraint.columns)):
            column.nullable = False


@apply_op.register(RenameConstraintOp)
def _rename_constraint(
    op: RenameConstraintOp, state: State, step: RecordedOp, revision: str, engine: str
) -> None:
    constraint = table_for(state, op.table_name, op.schema).constraint(op.constraint_name)
    if constraint is not None:
        constraint.name = op.new_name


@apply_op.register(ops.DropConstraintOp)
def _drop_constraint(
    op: ops.DropConstraintOp, state: State, step: RecordedOp, revision: str, engine: str
) -> None:
    table = table_for(state, op.table_name, op.schema)
    found = table.constraint(_name(op.constraint_name)) or _only_unnamed(table, op.constraint_type)
    if found is not None:
        table.constraints.remove(found)
        state.note_dropped(revision, table.key, [found])
    elif op.constraint_name in table.indexes:
        state.note_dropped(revision, table.key, [table.indexes.pop(str(op.constraint_name))])


def _only_unnamed(table: TableState, type_: str | None) -> ConstraintState | None:
    """Return the constraint that a name from a naming convention can only mean: the one without a name."""
    kind = {"foreignkey": "foreign key", "primary": "primary key"}.get(type_ or "", type_)
    unnamed = [c for c in table.constraints if c.name is None and kind in (None, c.kind)]
    return unnamed[0] if len(unnamed) == 1 else None


@apply_op.register(ops.CreateIndexOp)
def _create_index(op: ops.CreateIndexOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    table = table_for(state, op.table_name, op.schema)
    name = _name(op.index_name)
    if op.if_not_exists and name in table.indexes:
        return
    add_index(table, make_index(name, op.columns, op.kw, revision, unique=bool(op.unique)))


@apply_op.register(ops.DropIndexOp)
def _drop_index(op: ops.DropIndexOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    for table in state.tables.values():
        name = str(op.index_name)
        index = table.indexes.pop(name, None)
        state.note_dropped(revision, table.key, [index] if index else [])
        # MySQL and MariaDB drop a unique constraint as the index that it is.
        key = (
            table.constraint(name) if engine in ("mysql", "mariadb") and op.table_name == table.name else None
        )
        if key is not None:
            table.constraints.remove(key)
            state.note_dropped(revision, table.key, [key])


@apply_op.register(RenameIndexOp)
def _rename_index(op: RenameIndexOp, state: State, step: RecordedOp, revision: str, engine: str) -> None:
    found = state.index(op.index_name)
    if found is not None:
        table, index = found
        del table.indexes[op.index_name]
        index.name = op.new_name
        add_index(table, index)
