"""Types, domains and partitions of PostgreSQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from ...core.ops import (
    AddEnumValueOp,
    AlterDomainOp,
    AttachIndexOp,
    AttachPartitionOp,
    CreateDomainOp,
    CreateEnumOp,
    CreatePartitionOp,
    DetachPartitionOp,
    DropTypeOp,
    RenameEnumValueOp,
    RenameTypeOp,
)
from ...core.outcome import Outcome, Verdict
from ...core.statement_text import cleaned
from .answer import Look, answer, presence, renamed, repeatable, state, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...core.recorded import RecordedOp
    from .postgresql import PostgreSQLCatalogue

_VALUES = """
    SELECT e.enumlabel::text AS value FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
    JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typname = :name AND n.nspname::text IN :schemas
    ORDER BY e.enumsortorder
"""
_DOMAIN = """
    SELECT t.typnotnull AS required, t.typdefault AS value, k.conname AS constraint_name, k.convalidated AS validated
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_constraint k ON k.contypid = t.oid
    WHERE t.typname = :name AND t.typtype = 'd' AND n.nspname::text IN :schemas
"""
_CONSTRAINT = re.compile(r"CONSTRAINT (?:IF EXISTS )?(\"(?:[^\"]|\"\")+\"|[\w$]+)", re.IGNORECASE)
# `inhdetachpending` came with version 14.
_PARENT = """
    SELECT p.relname AS parent, pn.nspname AS schema, i.inhdetachpending AS pending
    FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
    WHERE i.inhrelid = :oid
"""


def _catalogue(look: Look) -> PostgreSQLCatalogue:
    return cast("PostgreSQLCatalogue", look.catalogue)  # the operations here are PostgreSQL's alone


def _values(look: Look, schema: str | None, name: str) -> list[str]:
    catalogue = _catalogue(look)
    return [row.value for row in catalogue.rows(_VALUES, name=name, schemas=catalogue.schemas(schema))]


@answer.register(CreateEnumOp)
def enum_created(op: CreateEnumOp, look: Look, step: RecordedOp) -> Verdict:
    """Look for a type with all the values, in order."""
    home = look.catalogue.home(op.schema)
    what = f"The type '{op.name}'"
    if not look.catalogue.exists("type", home, op.name):
        return presence(there=False, wanted=True, what=what)
    found = _values(look, home, op.name)
    if found != list(op.values):
        return unknown(f"{what} is there, but with the values {', '.join(found) or 'of no enum'}.")
    return presence(there=True, wanted=True, what=what)


@answer.register(AddEnumValueOp)
def value_added(op: AddEnumValueOp, look: Look, step: RecordedOp) -> Verdict:
    """Look for a value."""
    if not look.catalogue.exists("type", op.schema, op.name):
        return unknown(f"The type '{op.name}' is not there.")
    there = op.value in _values(look, op.schema, op.name)
    return presence(there=there, wanted=True, what=f"The value '{op.value}' of '{op.name}'")


@answer.register(RenameEnumValueOp)
def value_renamed(op: RenameEnumValueOp, look: Look, step: RecordedOp) -> Verdict:
    """Look which of two values is there."""
    values = _values(look, op.schema, op.name)
    old, new = op.value in values, op.new_value in values
    return renamed(old=old, new=new, kind=f"The value of '{op.name}'", names=(op.value, op.new_value))


@answer.register(RenameTypeOp)
def type_renamed(op: RenameTypeOp, look: Look, step: RecordedOp) -> Verdict:
    """Look which of two types is there."""
    old, new = (bool(look.catalogue.exists("type", op.schema, name)) for name in (op.name, op.new_name))
    return renamed(old=old, new=new, kind="The type", names=(op.name, op.new_name))


@answer.register(DropTypeOp)
def type_dropped(op: DropTypeOp, look: Look, step: RecordedOp) -> Verdict:
    """Look whether a type or domain is gone."""
    what = f"The type '{op.name}'"
    home = look.catalogue.home(op.schema)
    there = bool(look.catalogue.exists("type", op.schema, op.name))
    if there and not look.catalogue.exists("type", home, op.name):
        return unknown(f"{what} is there in another schema than '{home}'.")
    return presence(there=there, wanted=False, what=what)


@answer.register(CreateDomainOp)
def domain_created(op: CreateDomainOp, look: Look, step: RecordedOp) -> Verdict:
    """Look for a domain."""
    home = look.catalogue.home(op.schema)
    there = bool(look.catalogue.exists("type", home, op.name))
    return presence(there=there, wanted=True, what=f"The domain '{op.name}'")


@answer.register(AlterDomainOp)
def domain_altered(op: AlterDomainOp, look: Look, step: RecordedOp) -> Verdict:
    """Look for what a domain demands."""
    catalogue = _catalogue(look)
    found = catalogue.rows(_DOMAIN, name=op.name, schemas=catalogue.schemas(op.schema))
    if not found:
        return unknown(f"The domain '{op.name}' is not there.")
    if op.action in ("set default", "drop default", "validate"):
        return repeatable(f"The domain '{op.name}' can be changed so again.")
    if op.action in ("set not null", "drop not null") and "CONSTRAINT" not in look.sql.upper():
        how = "takes no NULL" if found[0].required else "takes NULL"
        wanted = found[0].required is (op.action == "set not null")
        return state(as_wanted=wanted, explanation=f"The domain '{op.name}' {how}.")
    match = _CONSTRAINT.search(cleaned(look.sql, "postgresql", names=True))
    if match is None or op.action == "other":
        return unknown(f"Whether the domain '{op.name}' is changed is not looked for.")
    name = match[1][1:-1].replace('""', '"') if match[1][0] == '"' else match[1].lower()
    there = name in [row.constraint_name for row in found]
    return presence(
        there=there, wanted=op.action != "drop constraint", what=f"The constraint '{name}' of '{op.name}'"
    )


@answer.register(CreatePartitionOp)
def partition_created(op: CreatePartitionOp, look: Look, step: RecordedOp) -> Verdict:
    """Look for a partition of the table."""
    if step.clauses.keys() & {"temp", "temporary"}:
        return Verdict(Outcome.NOT_DONE, f"The table '{op.partition}' was a temporary one.")
    schema, _, name = op.partition.rpartition(".")
    home = look.catalogue.home(schema or None)
    if look.catalogue.place(home, name, "table") is None:
        return presence(there=False, wanted=True, what=f"The partition '{op.partition}'")
    if _parent(look, op.partition) != op.table_name:
        return unknown(f"The table '{op.partition}' is there, but is no partition of '{op.table_name}'.")
    return presence(there=True, wanted=True, what=f"The partition '{op.partition}'")


def _parent(look: Look, child: str) -> str | None:
    rows = _inheritance(look, child)
    return str(rows[0].parent) if rows else None


def _inheritance(look: Look, child: str) -> Sequence[Any]:
    schema, _, name = child.rpartition(".")
    catalogue = _catalogue(look)
    return catalogue.rows(_PARENT, oid=catalogue.oid(schema or None, name))


@answer.register(AttachPartitionOp)
def partition_attached(op: AttachPartitionOp, look: Look, step: RecordedOp) -> Verdict:
    """Look whether a table belongs to another."""
    there = _parent(look, op.partition) == op.table_name
    return presence(there=there, wanted=True, what=f"The partition '{op.partition}' of '{op.table_name}'")


@answer.register(DetachPartitionOp)
def partition_detached(op: DetachPartitionOp, look: Look, step: RecordedOp) -> Verdict:
    """Look whether a table does not belong to another any more. A concurrent detachment can stop half-way."""
    what = f"The partition '{op.partition}' of '{op.table_name}'"
    rows = _inheritance(look, op.partition)
    if rows and rows[0].pending and "finalize" not in step.clauses:
        schema, _, name = op.partition.rpartition(".")
        parent = look.catalogue.quoted(rows[0].schema, op.table_name)
        child = look.catalogue.quoted(look.catalogue.place(schema or None, name, "table"), name)
        finish = f"ALTER TABLE {parent} DETACH PARTITION {child} FINALIZE"
        return Verdict(Outcome.BROKEN, f"{what} is being detached, and that stopped half-way.", (finish,))
    return presence(there=bool(rows), wanted=False, what=what)


@answer.register(AttachIndexOp)
def index_attached(op: AttachIndexOp, look: Look, step: RecordedOp) -> Verdict:
    """Look whether an index belongs to that of the partitioned table."""
    there = _parent(look, op.partition_index) == op.index_name
    return presence(there=there, wanted=True, what=f"The index '{op.partition_index}' of '{op.index_name}'")
