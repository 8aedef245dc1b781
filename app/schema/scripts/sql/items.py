"""Columns and constraints that were read → the schema items and operations of SQLAlchemy and Alembic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations import ops
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from ...core.ops import AddExclusionOp, OpaqueOp
from .indexes import index_keywords
from .text import literal_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic.operations.ops import MigrateOperation

    from .columns import ColumnSpec
    from .constraints import Constraint, Reference

_FOREIGN_KEY_OPTIONS = ("deferrable", "initially", "postgresql_not_valid")
_TIMING = ("deferrable", "initially")


def make_column(spec: ColumnSpec, engine: str, *, in_create: bool = False) -> sa.Column[Any]:
    """Return the SQLAlchemy column that a definition stands for."""
    parts: list[Any] = [part for part in (spec.computed, spec.identity) if part is not None]
    if spec.reference and spec.reference.reference:
        parts.append(foreign_key(spec.reference, spec.reference.reference))
    parts += [sa.CheckConstraint(literal_text(c.expression), name=c.name) for c in spec.checks]
    default = spec.server_default
    return sa.Column(
        spec.name,
        sa.types.NullType() if spec.type is None else spec.type,
        *parts,
        nullable=not spec.primary_key if spec.nullable is None else spec.nullable,
        primary_key=spec.primary_key,
        unique=spec.unique or None,
        server_default=None if default is None else literal_text(default),
        autoincrement=_autoincrement(spec, engine, in_create=in_create),
        comment=spec.comment,
        info={"serial": True} if spec.serial else None,
    )


def _autoincrement(spec: ColumnSpec, engine: str, *, in_create: bool) -> Any:
    if spec.autoincrement:
        return True
    if spec.identity is not None or not (in_create or spec.primary_key):
        return "auto"
    # Without a word in the SQL only SQLite numbers an integer primary key by itself.
    return "auto" if engine == "sqlite" and in_create else False


def foreign_key(constraint: Constraint, reference: Reference) -> sa.ForeignKey:
    """Return the key of a column-level `REFERENCES`."""
    name = referred_names(constraint, reference)[0]
    return sa.ForeignKey(name, name=constraint.name, **_key_options(constraint, reference))


def _key_options(constraint: Constraint, reference: Reference) -> dict[str, Any]:
    return {**reference.options, **_chosen(constraint, _FOREIGN_KEY_OPTIONS)}


def _chosen(constraint: Constraint, keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: constraint.options[key] for key in keys if key in constraint.options}


def _dialect_options(constraint: Constraint) -> dict[str, Any]:
    chosen = {
        key: value for key, value in constraint.options.items() if key.startswith(("postgresql_", "mysql_"))
    }
    return chosen | _chosen(constraint, _TIMING)


def referred_names(constraint: Constraint, reference: Reference) -> list[str]:
    """Return `schema.table.column` for each column that is referred to.

    Where SQL leaves the columns out, the primary key is meant, which is not known here: `id` stands for a single one.
    """
    table = f"{reference.schema}.{reference.table}" if reference.schema else reference.table
    own = constraint.columns
    columns = reference.columns or (["id"] if len(own) == 1 else own)
    return [f"{table}.{column}" for column in columns]


def foreign_key_constraint(constraint: Constraint, reference: Reference) -> sa.ForeignKeyConstraint:
    """Return the key of a table-level `FOREIGN KEY`."""
    names = referred_names(constraint, reference)
    return sa.ForeignKeyConstraint(
        constraint.columns, names, name=constraint.name, **_key_options(constraint, reference)
    )


def schema_item(constraint: Constraint) -> Any:
    """Return what `op.create_table` takes for a table-level constraint."""
    if constraint.kind == "foreign key" and constraint.reference:
        return foreign_key_constraint(constraint, constraint.reference)
    if constraint.kind == "check":
        return sa.CheckConstraint(literal_text(constraint.expression), name=constraint.name)
    if constraint.kind == "exclude":
        return ExcludeConstraint(*constraint.options["elements"], name=constraint.name)
    make: Callable[..., Any] = {
        "primary key": sa.PrimaryKeyConstraint,
        "unique": sa.UniqueConstraint,
    }[constraint.kind]
    return make(*constraint.columns, name=constraint.name, **_timing_and_postgresql(constraint))


def _timing_and_postgresql(constraint: Constraint) -> dict[str, Any]:
    return {key: value for key, value in _dialect_options(constraint).items() if not key.startswith("mysql_")}


def constraint_operation(constraint: Constraint, table: str, schema: str | None) -> MigrateOperation:
    """Return the operation that adds a constraint to a table that is there."""
    maker = _MAKERS.get(constraint.kind)
    if maker is None:
        return OpaqueOp(f"a constraint of the kind {constraint.kind} is not known")
    return maker(constraint, table, schema)


def _add_foreign_key(constraint: Constraint, table: str, schema: str | None) -> MigrateOperation:
    reference = constraint.reference
    if reference is None:
        return OpaqueOp("a foreign key refers to nothing")
    return ops.CreateForeignKeyOp(
        constraint.name,
        table,
        reference.table,
        constraint.columns,
        [name.rpartition(".")[2] for name in referred_names(constraint, reference)],
        source_schema=schema,
        referent_schema=reference.schema,
        **_key_options(constraint, reference),
    )


def _add_check(constraint: Constraint, table: str, schema: str | None) -> MigrateOperation:
    options = {key: value for key, value in constraint.options.items() if key == "postgresql_not_valid"}
    condition = literal_text(constraint.expression)
    return ops.CreateCheckConstraintOp(constraint.name, table, condition, schema=schema, **options)


def _add_unique(constraint: Constraint, table: str, schema: str | None) -> MigrateOperation:
    options = _timing_and_postgresql(constraint)
    return ops.CreateUniqueConstraintOp(constraint.name, table, constraint.columns, schema=schema, **options)


def _add_primary_key(constraint: Constraint, table: str, schema: str | None) -> MigrateOperation:
    options = _timing_and_postgresql(constraint)
    return ops.CreatePrimaryKeyOp(constraint.name, table, constraint.columns, schema=schema, **options)


def _add_index(constraint: Constraint, table: str, schema: str | None) -> MigrateOperation:
    options = {**constraint.options, **index_keywords(constraint.index)}
    columns = [column.element() for column in constraint.index]
    return ops.CreateIndexOp(constraint.name, table, columns, schema=schema, **options)


def _add_exclusion(constraint: Constraint, table: str, schema: str | None) -> MigrateOperation:
    return AddExclusionOp(table, schema, constraint.name)


def _set_not_null(constraint: Constraint, table: str, schema: str | None) -> MigrateOperation:
    options = {key: value for key, value in constraint.options.items() if key == "postgresql_not_valid"}
    if options:
        options["postgresql_constraint"] = constraint.name or f"{table}_{constraint.columns[0]}_not_null"
    return ops.AlterColumnOp(table, constraint.columns[0], schema=schema, modify_nullable=False, **options)


_MAKERS: dict[str, Callable[[Constraint, str, str | None], MigrateOperation]] = {
    "foreign key": _add_foreign_key,
    "check": _add_check,
    "unique": _add_unique,
    "primary key": _add_primary_key,
    "index": _add_index,
    "exclude": _add_exclusion,
    "not null": _set_not_null,
}
