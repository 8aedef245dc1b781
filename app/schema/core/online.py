"""PostgreSQL: constraints in two steps, so that no lock is held while rows are read.

What the steps cost was measured on PostgreSQL 15.18: `NOT VALID` reads no row, `VALIDATE CONSTRAINT` lets everybody
read and write, and a unique index that is there already becomes a constraint at once.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar

from alembic.operations.ops import (
    AlterColumnOp,
    CreateCheckConstraintOp,
    CreateForeignKeyOp,
    CreateIndexOp,
    CreatePrimaryKeyOp,
    CreateUniqueConstraintOp,
    DropConstraintOp,
)

from .finding import FixStep
from .ops import ValidateConstraintOp
from .server import Server
from .types import dialect_of

if TYPE_CHECKING:
    from alembic.operations.ops import MigrateOperation

    from .recorded import RecordedOp

ConstraintOpT = TypeVar("ConstraintOpT", CreateCheckConstraintOp, CreateForeignKeyOp)
NOT_VALID_OPS = (CreateForeignKeyOp, CreateCheckConstraintOp, AlterColumnOp)


def is_not_valid(op: MigrateOperation) -> bool:
    """True for a constraint that is added without looking at the rows."""
    return isinstance(op, NOT_VALID_OPS) and bool(op.kw.get("postgresql_not_valid"))


def added_name(op: MigrateOperation) -> str | None:
    """Return the name of the constraint that is added NOT VALID."""
    if isinstance(op, AlterColumnOp):
        return op.kw.get("postgresql_constraint")
    name = getattr(op, "constraint_name", None)
    return str(name) if isinstance(name, str) else default_name(op)


def default_name(op: MigrateOperation) -> str | None:
    """Return the name that PostgreSQL gives to a constraint without one, None if that cannot be told."""
    if isinstance(op, CreateForeignKeyOp):
        return "_".join((str(op.source_table), *map(str, op.local_cols), "fkey"))
    if isinstance(op, CreateUniqueConstraintOp):
        return "_".join((str(op.table_name), *map(str, op.columns), "key"))
    return f"{op.table_name}_pkey" if isinstance(op, CreatePrimaryKeyOp) else None


def validation(step: RecordedOp, name: str) -> FixStep:
    """Return the step that holds the rows against a constraint, outside the transaction."""
    schema, _, table = (step.table or "").rpartition(".")
    return FixStep((ValidateConstraintOp(table, schema or None, name),), autocommit=True)


def added_in_steps(step: RecordedOp, op: ConstraintOpT, name: str) -> tuple[FixStep, ...]:
    """Return a CHECK or foreign key as NOT VALID and VALIDATE."""
    changed = copy(op)
    changed.constraint_name = name
    changed.kw = {**op.kw, "postgresql_not_valid": True}
    return FixStep((changed,)), validation(step, name)


def not_null_in_steps(step: RecordedOp, column: str, existing_type: Any = None) -> tuple[FixStep, ...]:
    """Return SET NOT NULL behind a validated CHECK, which saves it the scan (PostgreSQL 12 and later)."""
    schema, _, table = (step.table or "").rpartition(".")
    own, name = schema or None, f"ck_{table}_{column}_not_null"
    proof = CreateCheckConstraintOp(
        name, table, f"{_quoted(column)} IS NOT NULL", schema=own, postgresql_not_valid=True
    )
    set_ = AlterColumnOp(table, column, schema=own, existing_type=existing_type, modify_nullable=False)
    drop = DropConstraintOp(name, table, "check", schema=own)
    return FixStep((proof,)), validation(step, name), FixStep((set_, drop))


def _quoted(name: str) -> str:
    return dialect_of(Server.parse("postgresql")).identifier_preparer.quote(name)


def unique_in_steps(op: CreateUniqueConstraintOp | CreatePrimaryKeyOp, name: str) -> tuple[FixStep, FixStep]:
    """Return a unique constraint or primary key as an index built concurrently, which it then takes over."""
    carried = ("postgresql_nulls_not_distinct", "postgresql_include")
    index = CreateIndexOp(
        name,
        op.table_name,
        list(op.columns),
        schema=op.schema,
        unique=True,
        postgresql_concurrently=True,
        **{key: op.kw[key] for key in carried if op.kw.get(key)},
    )
    kept = {key: op.kw[key] for key in ("deferrable", "initially") if op.kw.get(key)}
    kind = type(op)
    taken: MigrateOperation = kind(
        name, op.table_name, [], schema=op.schema, postgresql_using_index=name, **kept
    )
    return FixStep((index,), autocommit=True), FixStep((taken,))
