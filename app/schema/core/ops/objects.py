"""Changes of types, views, sequences, functions, schemas and other objects beside tables."""

from __future__ import annotations

from dataclasses import dataclass

from alembic.operations.ops import MigrateOperation


@dataclass(eq=False)
class CreateEnumOp(MigrateOperation):
    """`CREATE TYPE … AS ENUM (…)`."""

    name: str
    values: tuple[str, ...]
    schema: str | None = None


@dataclass(eq=False)
class AddEnumValueOp(MigrateOperation):
    """`ALTER TYPE … ADD VALUE …`; `position` is before, after or None."""

    name: str
    value: str
    schema: str | None = None
    if_not_exists: bool = False
    position: str | None = None


@dataclass(eq=False)
class RenameEnumValueOp(MigrateOperation):
    """`ALTER TYPE … RENAME VALUE … TO …`."""

    name: str
    value: str
    new_value: str
    schema: str | None = None


@dataclass(eq=False)
class RenameTypeOp(MigrateOperation):
    """`ALTER TYPE … RENAME TO …`."""

    name: str
    new_name: str
    schema: str | None = None


@dataclass(eq=False)
class DropTypeOp(MigrateOperation):
    """`DROP TYPE …` or `DROP DOMAIN …`."""

    name: str
    schema: str | None = None
    if_exists: bool = False
    cascade: bool = False


@dataclass(eq=False)
class CreateDomainOp(MigrateOperation):
    """`CREATE DOMAIN …`; `constrained` is true if it has a CHECK or is NOT NULL."""

    name: str
    base_type: str
    constrained: bool = False
    schema: str | None = None


@dataclass(eq=False)
class AlterDomainOp(MigrateOperation):
    """`ALTER DOMAIN …`.

    `action` is add check, add check not valid, validate, set not null, drop not null, set default,
    drop default, drop constraint or other.
    """

    name: str
    action: str
    schema: str | None = None


@dataclass(eq=False)
class ViewOp(MigrateOperation):
    """A view; `action` is create, replace, drop, refresh or alter (its name, owner or options)."""

    name: str
    action: str
    schema: str | None = None
    materialized: bool = False
    concurrently: bool = False
    cascade: bool = False
    columns: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(eq=False)
class SequenceOp(MigrateOperation):
    """A sequence; `action` is create, alter or drop, `type_name` what `AS` says, `owned_by` a `table.column`."""

    name: str
    action: str
    schema: str | None = None
    type_name: str | None = None
    owned_by: str | None = None
    cascade: bool = False


@dataclass(eq=False)
class FunctionOp(MigrateOperation):
    """A function or procedure; `action` is create, replace, alter or drop."""

    name: str
    action: str
    schema: str | None = None
    cascade: bool = False


@dataclass(eq=False)
class SchemaOp(MigrateOperation):
    """A schema; `action` is create, drop or rename."""

    name: str
    action: str
    new_name: str | None = None
    cascade: bool = False


@dataclass(eq=False)
class DatabaseOp(MigrateOperation):
    """A database; `action` is create, alter or drop."""

    name: str
    action: str


@dataclass(eq=False)
class ExtensionOp(MigrateOperation):
    """A PostgreSQL extension; `action` is create, alter or drop."""

    name: str
    action: str
    if_not_exists: bool = False
    cascade: bool = False


@dataclass(eq=False)
class PublicationOp(MigrateOperation):
    """A publication; `action` is create, alter or drop."""

    name: str
    action: str
    tables: tuple[str, ...] = ()
