"""The foreign keys that an operation adds, however they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alembic.operations.ops import AddColumnOp, CreateForeignKeyOp, CreateTableOp
from sqlalchemy import ForeignKeyConstraint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.operations.ops import MigrateOperation
    from sqlalchemy import Column, ForeignKey

    from .recorded import RecordedOp
    from .state import ConstraintState, State, TableState


@dataclass(frozen=True)
class NewKey:
    """A foreign key that an operation adds. `parent` is the table referred to, with its schema if one was given."""

    name: str | None
    columns: tuple[str, ...]
    parent: str
    referred: tuple[str, ...]


def new_keys(op: MigrateOperation) -> Iterator[NewKey]:
    """Yield the foreign keys of `create_foreign_key`, `create_table` and `add_column`."""
    if isinstance(op, CreateForeignKeyOp):
        schema = op.kw.get("referent_schema")
        parent = f"{schema}.{op.referent_table}" if schema else str(op.referent_table)
        columns, referred = tuple(map(str, op.local_cols)), tuple(map(str, op.remote_cols))
        yield NewKey(_text(op.constraint_name), columns, parent, referred)
    elif isinstance(op, AddColumnOp):
        yield from (_of_column(key, op.column) for key in op.column.foreign_keys)
    elif isinstance(op, CreateTableOp):
        made = (c for c in op.to_table().constraints if isinstance(c, ForeignKeyConstraint))
        yield from sorted(map(_of_constraint, made), key=lambda key: (key.columns, key.parent))


def _of_column(key: ForeignKey, column: Column[Any]) -> NewKey:
    parent, _, referred = str(key.target_fullname).rpartition(".")
    return NewKey(_text(key.name), (str(column.name),), parent, (referred,))


def _of_constraint(constraint: ForeignKeyConstraint) -> NewKey:
    targets = [str(element.target_fullname) for element in constraint.elements]
    columns = tuple(str(key) for key in constraint.column_keys)
    referred = tuple(target.rpartition(".")[2] for target in targets)
    return NewKey(_text(constraint.name), columns, targets[0].rpartition(".")[0], referred)


def _text(name: object) -> str | None:
    return str(name) if isinstance(name, str) else None


def other_parents(step: RecordedOp, table: TableState | None) -> tuple[ConstraintState, ...]:
    """Return the foreign keys of a table that refer to another one."""
    if table is None:
        return ()
    keys = (key for key in table.of_kind("foreign key") if key.referred_table)
    return tuple(key for key in keys if key.referred_table != step.table)


def held_by_partitions(key: NewKey, table: TableState | None, state: State) -> bool:
    """True if every partition has the same key, validated: PostgreSQL then takes those over and reads no row.

    Measured on PostgreSQL 15.18.
    """
    if table is None or not table.partitions:
        return False
    return all(_has_key(state.table(name), key) for name in table.partitions)


def _has_key(partition: TableState | None, key: NewKey) -> bool:
    if partition is None:
        return False
    wanted = (key.columns, key.parent)
    return any(
        (known.columns, known.referred_table) == wanted and known.validated
        for known in partition.of_kind("foreign key")
    )
