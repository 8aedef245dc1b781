"""PostgreSQL: types, domains, views, sequences, functions and what else stands beside the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.effect import Blocks, Effect, Lock
from ...core.ops import (
    AddEnumValueOp,
    AlterDomainOp,
    CreateDomainOp,
    CreateEnumOp,
    DatabaseOp,
    DropTypeOp,
    ExtensionOp,
    FunctionOp,
    HarmlessOp,
    PublicationOp,
    RenameEnumValueOp,
    RenameTypeOp,
    SchemaOp,
    SequenceOp,
    SettingOp,
    TransactionOp,
    ViewOp,
)
from ...core.types import describe
from .change import key_of
from .postgresql_base import each, entry, locked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.operations.ops import MigrateOperation

    from .change import Change

_TESTING_DOMAIN = ("add check", "validate", "set not null")
_HARMLESS = ("comment", "analyze", "create statistics", "statistics")


@entry.register(AddEnumValueOp)
@entry.register(CreateDomainOp)
@entry.register(CreateEnumOp)
@entry.register(DatabaseOp)
@entry.register(ExtensionOp)
@entry.register(FunctionOp)
@entry.register(RenameEnumValueOp)
@entry.register(RenameTypeOp)
@entry.register(SettingOp)
@entry.register(TransactionOp)
def _no_table(op: MigrateOperation, change: Change) -> Iterator[Effect]:
    del op, change
    yield from ()


@entry.register(AlterDomainOp)
def _alter_domain(op: AlterDomainOp, change: Change) -> Iterator[Effect]:
    if op.action in _TESTING_DOMAIN:
        yield from each(_using(op.name, change), Lock.SHARE, scans=True)


@entry.register(DropTypeOp)
def _drop_type(op: DropTypeOp, change: Change) -> Iterator[Effect]:
    if op.cascade:
        yield from each(_using(op.name, change))


def _using(type_name: str, change: Change) -> Iterator[str]:
    """Yield the tables that have a column of a named type."""
    for key, table in change.state.tables.items():
        names = (describe(column.type, change.server) for column in table.columns.values())
        if any(name is not None and name.name.rpartition(".")[2] == type_name for name in names):
            yield key


@entry.register(ViewOp)
def _view(op: ViewOp, change: Change) -> Iterator[Effect]:
    del change
    name = key_of(op.name, op.schema)
    if op.action == "refresh" and op.concurrently:
        yield locked(name, Lock.EXCLUSIVE, scans=True, blocks=Blocks.SCHEMA_CHANGES)
    elif op.action == "refresh":
        yield locked(name, Lock.ACCESS_EXCLUSIVE, rewrites=True)
    elif op.action in ("replace", "drop"):
        yield locked(name, Lock.ACCESS_EXCLUSIVE)
    if op.action != "drop":
        yield from each(op.sources, Lock.ACCESS_SHARE, scans=op.materialized)


@entry.register(SequenceOp)
def _sequence(op: SequenceOp, change: Change) -> Iterator[Effect]:
    name = key_of(op.name, op.schema)
    if op.action == "alter":
        yield locked(name, Lock.SHARE_ROW_EXCLUSIVE)
    elif op.action == "drop":
        yield locked(name, Lock.ACCESS_EXCLUSIVE)
        if op.cascade:
            yield from each(_numbered_by(op.name, change))


def _numbered_by(sequence: str, change: Change) -> Iterator[str]:
    for key, table in change.state.tables.items():
        if any(sequence in (column.default or "") for column in table.columns.values()):
            yield key


@entry.register(SchemaOp)
def _schema(op: SchemaOp, change: Change) -> Iterator[Effect]:
    if op.action == "drop" and op.cascade:
        yield from each(key for key, table in change.state.tables.items() if table.schema == op.name)


@entry.register(HarmlessOp)
def _harmless(op: HarmlessOp, change: Change) -> Iterator[Effect]:
    if change.table and op.kind.lower() in _HARMLESS:
        yield locked(change.table, Lock.SHARE_UPDATE_EXCLUSIVE)


@entry.register(PublicationOp)
def _publication(op: PublicationOp, change: Change) -> Iterator[Effect]:
    del change
    yield from each(op.tables, Lock.SHARE_UPDATE_EXCLUSIVE)
