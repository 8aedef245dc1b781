"""SQLAlchemy's tables, columns, constraints and indexes → their state."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKeyConstraint,
    Identity,
    PrimaryKeyConstraint,
    UniqueConstraint,
)

from ...core.index_keys import column_of
from ...core.state import ColumnState, ConstraintState, IndexState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Column, Constraint, Index, Table

_SORTED = re.compile(r"\s(desc|nulls\s+first)\b", re.IGNORECASE)
_POSTGRESQL_SUFFIX = {"unique": "key", "foreign key": "fkey", "check": "check"}


def column_state(column: Column[Any], revision: str) -> ColumnState:
    """Return the state of a column as it is when it has been created."""
    computed = column.computed is not None
    identity = isinstance(column.identity, Identity)
    return ColumnState(
        name=str(column.name),
        type=column.type,
        nullable=bool(column.nullable) and not column.primary_key,
        default="" if computed or identity else default_text(column.server_default),
        identity=identity,
        computed=computed,
        formula=str(column.computed.sqltext) if column.computed is not None else None,
        autoincrement=column.autoincrement is True or _counts(column),
        comment=column.comment,
        collation=getattr(column.type, "collation", None),
        added_in=revision,
    )


def _counts(column: Column[Any]) -> bool:
    """True for the integer primary key that counts by itself although nobody said so."""
    return column.table is not None and column.table.autoincrement_column is column


def default_text(default: Any) -> str:
    """Return a server default as SQL text, `""` if there is none."""
    if default is None or default is False or isinstance(default, (Computed, Identity)):
        return ""
    argument = getattr(default, "arg", default)
    return repr(argument) if isinstance(argument, str) else str(argument)


def constraint_state(
    constraint: Constraint, revision: str, table: str, engine: str, among: Iterable[str] = ()
) -> ConstraintState | None:
    """Return the state of a constraint, None for a kind that says nothing about rows.

    :param among: the columns of the table.
    """
    name = str(constraint.name) if isinstance(constraint.name, str) else None
    columns = _column_names(constraint)
    state: ConstraintState | None = None
    if isinstance(constraint, PrimaryKeyConstraint):
        state = ConstraintState("primary key", name, columns) if columns else None
    elif isinstance(constraint, UniqueConstraint):
        state = ConstraintState("unique", name, columns)
    elif isinstance(constraint, ForeignKeyConstraint):
        state = _foreign_key(constraint, name, columns)
    elif isinstance(constraint, CheckConstraint):
        state = ConstraintState("check", name, columns, expression=str(constraint.sqltext))
    if state is not None:
        state.added_in = revision
        state.name = state.name or default_name(state, table, engine, among)
    return state


def _column_names(constraint: Constraint) -> tuple[str, ...]:
    if isinstance(constraint, ForeignKeyConstraint):
        return tuple(str(key) for key in constraint.column_keys)
    return tuple(str(column.name) for column in getattr(constraint, "columns", ()))


def _foreign_key(
    constraint: ForeignKeyConstraint, name: str | None, columns: tuple[str, ...]
) -> ConstraintState:
    targets = [str(element.target_fullname) for element in constraint.elements]
    return ConstraintState(
        "foreign key",
        name,
        columns,
        referred_table=targets[0].rpartition(".")[0] if targets else None,
        referred_columns=tuple(target.rpartition(".")[2] for target in targets),
        ondelete=constraint.ondelete,
    )


def default_name(
    constraint: ConstraintState, table: str, engine: str, columns: Iterable[str] = ()
) -> str | None:
    """Return the name that PostgreSQL gives to a constraint without one; None elsewhere.

    :param columns: those of the table: a CHECK is named after its column if it speaks of a single one.
    """
    if engine != "postgresql":
        return None
    if constraint.kind == "primary key":
        return f"{table}_pkey"
    named: Iterable[str] = constraint.columns
    if constraint.kind == "check":
        said = [name for name in columns if re.search(rf"\b{re.escape(name)}\b", constraint.expression or "")]
        named = said if len(said) == 1 else ()
    return "_".join([table, *named, _POSTGRESQL_SUFFIX.get(constraint.kind, "excl")])


def index_state(index: Index, revision: str) -> IndexState:
    """Return the state of an index."""
    return make_index(
        str(index.name) if index.name else None,
        index.expressions,
        index.dialect_kwargs,
        revision,
        unique=bool(index.unique),
    )


def make_index(name: str | None, columns: Any, options: Any, revision: str, *, unique: bool) -> IndexState:
    """Return the state of an index from its parts; expressions stand as their text."""
    where = options.get("postgresql_where", options.get("sqlite_where"))
    plain = [column_of(column) for column in columns]
    return IndexState(
        name=name,
        columns=tuple(name or str(column) for name, column in zip(plain, columns, strict=True)),
        unique=unique,
        where=None if where is None else str(where),
        method=options.get("postgresql_using") or options.get("mysql_prefix"),
        has_expressions=None in plain,
        sorted_otherwise=any(
            not isinstance(column, str) and _SORTED.search(str(column)) for column in columns
        ),
        added_in=revision,
    )


def fill(state: Any, table: Table, revision: str, engine: str) -> None:
    """Put the columns, constraints and indexes of a SQLAlchemy table into a table's state."""
    state.columns = {str(column.name): column_state(column, revision) for column in table.columns}
    made = (constraint_state(c, revision, state.name, engine, state.columns) for c in table.constraints)
    state.constraints = [constraint for constraint in made if constraint is not None]
    for column in table.columns:
        state.constraints += inline_checks(column, revision, state.name, engine, state.columns)
    for index in table.indexes:
        add_index(state, index_state(index, revision))


def inline_checks(
    column: Column[Any], revision: str, table: str, engine: str, among: Iterable[str]
) -> list[ConstraintState]:
    """Return the checks that are written with a column.

    :param among: the columns of the table.
    """
    made = (constraint_state(written, revision, table, engine, among) for written in column.constraints)
    found = [constraint for constraint in made if constraint is not None]
    for constraint in found:
        constraint.columns = constraint.columns or (str(column.name),)
        constraint.inline = True
    return found


def add_index(table: Any, index: IndexState) -> None:
    """Put an index into a table's state, under a name of its own if it has none."""
    table.indexes[index.name or f"({', '.join(index.columns)})"] = index
