"""`CREATE`, `ALTER` and `DROP` of types and domains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....core.ops import (
    AddEnumValueOp,
    AlterDomainOp,
    CreateDomainOp,
    CreateEnumOp,
    DropTypeOp,
    HarmlessOp,
    OpaqueOp,
    RenameEnumValueOp,
    RenameTypeOp,
)
from ..clauses import behaviour, if_exists, if_not_exists
from ..made import Made
from ..types import read_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..cursor import Cursor

_DOMAIN_ACTIONS = (
    (("VALIDATE", "CONSTRAINT"), "validate"),
    (("SET", "NOT", "NULL"), "set not null"),
    (("DROP", "NOT", "NULL"), "drop not null"),
    (("SET", "DEFAULT"), "set default"),
    (("DROP", "DEFAULT"), "drop default"),
    (("DROP", "CONSTRAINT"), "drop constraint"),
    (("RENAME",), "other"),
    (("OWNER", "TO"), "other"),
    (("SET", "SCHEMA"), "other"),
)


def create_type(cursor: Cursor) -> Iterator[Made]:
    """Read `CREATE TYPE`; what is no enum changes no table."""
    schema, name = cursor.qualified()
    if cursor.accept("AS", "ENUM"):
        values = tuple(item.string() for item in cursor.group().items())
        yield Made(CreateEnumOp(name, values, schema))
    else:
        cursor.rest()
        yield Made(HarmlessOp("create type"))


def alter_type(cursor: Cursor) -> Iterator[Made]:
    """Read `ALTER TYPE`."""
    schema, name = cursor.qualified()
    if cursor.accept("ADD", "VALUE"):
        yield Made(_add_value(cursor, schema, name))
    elif cursor.accept("RENAME", "VALUE"):
        old = cursor.string()
        cursor.expect("TO")
        yield Made(RenameEnumValueOp(name, old, cursor.string(), schema))
    elif cursor.accept("RENAME", "TO"):
        yield Made(RenameTypeOp(name, cursor.name(), schema))
    elif cursor.at("OWNER") or cursor.at("SET"):
        cursor.rest()
        yield Made(HarmlessOp("alter type"))
    else:
        yield Made(OpaqueOp(f"which tables use the type {name} is not known", cursor.rest()))


def _add_value(cursor: Cursor, schema: str | None, name: str) -> AddEnumValueOp:
    skips = if_not_exists(cursor)
    value = cursor.string()
    position = cursor.accept_any("BEFORE", "AFTER")
    if position:
        cursor.string()
    return AddEnumValueOp(name, value, schema, skips, position.lower() if position else None)


def drop_type(cursor: Cursor) -> Iterator[Made]:
    """Read `DROP TYPE a, b` and `DROP DOMAIN a, b`."""
    skips = if_exists(cursor)
    names = [cursor.qualified()]
    while cursor.accept(","):
        names.append(cursor.qualified())
    cascade = "cascade" in behaviour(cursor)
    for schema, name in names:
        yield Made(DropTypeOp(name, schema, skips, cascade))


def create_domain(cursor: Cursor) -> Iterator[Made]:
    """Read `CREATE DOMAIN`."""
    schema, name = cursor.qualified()
    cursor.accept("AS")
    start = cursor.position
    read_type(cursor)
    base = cursor.text(start)
    constrained = False
    while not cursor.done:
        if cursor.accept("NOT", "NULL") or cursor.accept("CHECK"):
            constrained = True
        else:
            cursor.skip()
    yield Made(CreateDomainOp(name, base, constrained, schema))


def alter_domain(cursor: Cursor) -> Iterator[Made]:
    """Read `ALTER DOMAIN`."""
    schema, name = cursor.qualified()
    if cursor.accept("ADD"):
        rest = cursor.rest().upper()
        kind = "add check" if "CHECK" in rest else "set not null"
        yield Made(AlterDomainOp(name, f"{kind} not valid" if rest.endswith("NOT VALID") else kind, schema))
        return
    for words, action in _DOMAIN_ACTIONS:
        if cursor.accept(*words):
            cursor.rest()
            yield Made(AlterDomainOp(name, action, schema))
            return
    raise cursor.surprise("an action of ALTER DOMAIN")


STATEMENTS = {
    ("CREATE", "TYPE"): create_type,
    ("ALTER", "TYPE"): alter_type,
    ("DROP", "TYPE"): drop_type,
    ("CREATE", "DOMAIN"): create_domain,
    ("ALTER", "DOMAIN"): alter_domain,
    ("DROP", "DOMAIN"): drop_type,
}
