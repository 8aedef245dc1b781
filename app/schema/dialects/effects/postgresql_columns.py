"""PostgreSQL: adding, dropping and altering columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations.ops import AddColumnOp, AlterColumnOp, DropColumnOp
from sqlalchemy.dialects.postgresql import DOMAIN

from ...core.effect import Effect, Lock
from ...core.functions import Volatility, volatility
from ...core.nullability import nullable_columns
from ...core.types import describe
from .postgresql_base import MEASURED, each, entry, exclusive, locked
from .postgresql_types import TypeChange, postgresql_type_change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.state import IndexState
    from .change import Change


@entry.register(AddColumnOp)
def _add_column(op: AddColumnOp, change: Change) -> Iterator[Effect]:
    column = op.column
    rewrites, why = _fills_rows(column, change)
    checked = any(isinstance(constraint, sa.CheckConstraint) for constraint in column.constraints)
    yield locked(
        change.table,
        Lock.ACCESS_EXCLUSIVE,
        rewrites=rewrites,
        scans=checked or has_bound_check(column.type) or _demands_value(column),
        builds_index=bool(column.unique or column.index or column.primary_key),
        evidence=why,
    )
    for key in column.foreign_keys:
        yield from _reference(key, op, change)


def _reference(key: sa.ForeignKey, op: AddColumnOp, change: Change) -> Iterator[Effect]:
    # Alembic adds the key as a statement of its own, which reads the whole table and, if there is a default, looks
    # its values up in the other one. Inline, PostgreSQL knows that a column without a default points nowhere.
    filled = op.column.server_default is not None
    yield locked(change.table, Lock.SHARE_ROW_EXCLUSIVE, scans=filled or not op.inline_references)
    yield locked(key.target_fullname.rpartition(".")[0], Lock.SHARE_ROW_EXCLUSIVE, scans=filled)


def _demands_value(column: sa.Column[Any]) -> bool:
    # Every row would have NULL, so the statement fails as soon as there is one; it is found by looking.
    return column.nullable is False and column.server_default is None and not _numbered(column)


def _numbered(column: sa.Column[Any]) -> bool:
    serial = column.info.get("serial") or column.autoincrement is True
    return bool(serial or column.identity or _is_auto_key(column))


def _is_auto_key(column: sa.Column[Any]) -> bool:
    whole = isinstance(column.type, sa.Integer)
    return bool(column.primary_key and column.autoincrement == "auto" and whole and not column.foreign_keys)


def _fills_rows(column: sa.Column[Any], change: Change) -> tuple[bool, str]:
    """Return whether every row has to be written anew, and how that is known."""
    if _numbered(column):
        return True, f"a sequence gives each row its number; {MEASURED}"
    if column.computed is not None:
        return _is_stored(column.computed, change), f"generated column; {MEASURED}"
    if change.is_domain_with_rules(describe(column.type, change.server)) or is_domain_with_rules(column.type):
        return True, f"the domain tests the value of each row; {MEASURED}"
    kind = volatility(column.server_default, change.server)
    if kind is Volatility.UNKNOWN:
        return True, "the default calls a function that is not known here, so it is taken for volatile"
    if kind is Volatility.VOLATILE:
        return True, f"volatile default; {MEASURED}"
    if column.server_default is not None and not change.server.at_least(11):
        return True, "PostgreSQL 10 manual: a default is written into each row before version 11"
    return False, MEASURED


def _is_stored(computed: sa.Computed, change: Change) -> bool:
    return computed.persisted is True or not change.server.at_least(18)


def is_domain_with_rules(type_: Any) -> bool:
    """True if a SQLAlchemy type is a PostgreSQL domain with a CHECK or NOT NULL."""
    return isinstance(type_, DOMAIN) and (type_.check is not None or bool(type_.not_null))


def has_bound_check(type_: Any) -> bool:
    """True if Alembic adds a CHECK constraint together with a column of this type on PostgreSQL."""
    return isinstance(type_, sa.Enum) and bool(type_.create_constraint) and not type_.native_enum


@entry.register(DropColumnOp)
def _drop_column(op: DropColumnOp, change: Change) -> Iterator[Effect]:
    yield exclusive(change.table)
    yield from each(table for table, _ in _partners(op.column_name, change))


def _partners(column: str, change: Change) -> Iterator[tuple[str, bool]]:
    """Yield the tables that foreign keys of, or to, a column connect with, and whether the key is validated."""
    if change.known is None:
        return
    for key in change.known.of_kind("foreign key"):
        if column in key.columns and key.referred_table:
            yield key.referred_table, key.validated
    for table, key in change.state.referencing(change.table):
        if column in key.referred_columns:
            yield table.key, key.validated


@entry.register(AlterColumnOp)
def _alter_column(op: AlterColumnOp, change: Change) -> Iterator[Effect]:
    if _only_comments(op):
        yield locked(change.table, Lock.SHARE_UPDATE_EXCLUSIVE)
        return
    yield exclusive(change.table, scans=_searches_for_null(op, change) or _changes_bound_check(op))
    if op.modify_type is not None:
        yield from _change_type(op, change)


def _only_comments(op: AlterColumnOp) -> bool:
    others = (op.modify_nullable, op.modify_name, op.modify_type)
    return (
        op.modify_comment is not False and others == (None, None, None) and op.modify_server_default is False
    )


def _changes_bound_check(op: AlterColumnOp) -> bool:
    return op.modify_type is not None and has_bound_check(op.modify_type)


def _searches_for_null(op: AlterColumnOp, change: Change) -> bool:
    """True if `SET NOT NULL` has to look at every row."""
    if op.modify_nullable is not False or op.kw.get("postgresql_not_valid"):
        return False
    return may_hold_null(op.column_name, change)


def may_hold_null(name: str, change: Change) -> bool:
    """True unless the column is NOT NULL, or a validated CHECK proves as much."""
    return bool(nullable_columns(change.known, (name,), change.server))


def type_change(op: AlterColumnOp, change: Change) -> TypeChange:
    """Return what the change of type in an operation does, from the state or else from `existing_type`."""
    column = change.column(op.column_name)
    old = column.type if column is not None and column.type is not None else op.existing_type
    return postgresql_type_change(
        describe(_base(old), change.server),
        describe(_base(op.modify_type), change.server),
        change.server,
        op.kw.get("postgresql_using"),
        op.column_name,
    )


def _base(type_: Any) -> Any:
    """Return the type below a domain that says what it is made of."""
    return type_.data_type if isinstance(type_, DOMAIN) else type_


def _change_type(op: AlterColumnOp, change: Change) -> Iterator[Effect]:
    what = type_change(op, change)
    rewrites = what.rewrites or change.is_domain_with_rules(describe(op.modify_type, change.server))
    yield exclusive(
        change.table,
        rewrites=rewrites or is_domain_with_rules(op.modify_type),
        scans=what.rescans_checks and _is_checked(op.column_name, change),
        builds_index=(what.rebuilds_indexes and _is_indexed(op.column_name, change))
        or _has_fragile_index(op.column_name, change),
    )
    # The keys are made anew, and what was validated is validated again unless the values are the same bytes.
    for table, validated in _partners(op.column_name, change):
        yield exclusive(table, scans=validated and rewrites)


def _is_checked(column: str, change: Change) -> bool:
    checks = change.known.of_kind("check") if change.known else ()
    return any(_mentions(check.expression, check.columns, column) for check in checks)


def _mentions(expression: str | None, columns: tuple[str, ...], column: str) -> bool:
    if columns:
        return column in columns
    return expression is None or column.lower() in expression.lower()


def _is_indexed(column: str, change: Change) -> bool:
    if change.known is None:
        return True
    keys = (c.columns for c in change.known.constraints if c.kind in ("primary key", "unique", "exclude"))
    return any(column in columns for columns in keys) or any(True for _ in change.known.indexes_on(column))


def _has_fragile_index(column: str, change: Change) -> bool:
    """True if an index on the column is built anew however small the change: a partial one, or one of expressions.

    So are the indexes of partitions (measured on PostgreSQL 15.20).
    """
    if change.known is None:
        return False
    indexes = (index for index in change.known.indexes.values() if _names(index, column))
    return any(index.where or index.has_expressions or change.known.partitioned for index in indexes)


def _names(index: IndexState, column: str) -> bool:
    texts = (*index.columns, index.where or "")
    return any(column in text for text in texts)
