"""Sequences, functions, schemas, databases, extensions and publications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....core.ops import (
    DatabaseOp,
    ExtensionOp,
    FunctionOp,
    HarmlessOp,
    OpaqueOp,
    PublicationOp,
    SchemaOp,
    SequenceOp,
)
from ..clauses import behaviour, if_exists, if_not_exists
from ..made import Made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..cursor import Cursor


def _verb(cursor: Cursor) -> str:
    verb = cursor.tokens[0].key.lower()
    return "replace" if verb == "create" and "REPLACE" in cursor.modifiers else verb


def _names(cursor: Cursor) -> list[tuple[str | None, str]]:
    names = [cursor.qualified()]
    while cursor.accept(","):
        names.append(cursor.qualified())
    return names


def sequence(cursor: Cursor) -> Iterator[Made]:
    """Read `CREATE`, `ALTER` and `DROP SEQUENCE`."""
    verb = cursor.tokens[0].key.lower()
    if_exists(cursor) or if_not_exists(cursor)
    names = _names(cursor)
    if verb == "drop":
        cascade = "cascade" in behaviour(cursor)
        for schema, name in names:
            yield Made(SequenceOp(name, verb, schema, cascade=cascade))
        return
    schema, name = names[0]
    op = SequenceOp(name, verb, schema)
    while not cursor.done:
        if cursor.accept("AS"):
            op.type_name = cursor.name().lower()
        elif cursor.accept("OWNED", "BY"):
            op.owned_by = cursor.text(cursor.position, len(cursor.tokens)).replace('"', "")
            cursor.rest()
        else:
            cursor.skip()
    yield Made(op)


def function(cursor: Cursor) -> Iterator[Made]:
    """Read `CREATE`, `ALTER` and `DROP` of functions and procedures. Creating one does not run it."""
    if_exists(cursor) or if_not_exists(cursor)
    verb = _verb(cursor)
    names = [cursor.qualified()]
    if verb == "drop":
        if cursor.at("("):
            cursor.group()
        while cursor.accept(","):
            names.append(cursor.qualified())
            if cursor.at("("):
                cursor.group()
    cascade = verb == "drop" and "cascade" in behaviour(cursor)
    if verb != "drop":
        cursor.rest()
    for schema, name in names:
        yield Made(FunctionOp(name, verb, schema, cascade))


def schema_(cursor: Cursor) -> Iterator[Made]:
    """Read `CREATE`, `ALTER` and `DROP SCHEMA`; on MySQL a schema is a database."""
    if cursor.server.dialect_name == "mysql":
        yield from database(cursor)
        return
    if_exists(cursor) or if_not_exists(cursor)
    verb = cursor.tokens[0].key.lower()
    if cursor.accept("AUTHORIZATION"):
        yield Made(SchemaOp(cursor.name(), verb))
        return
    names = [name for _, name in _names(cursor)]
    if verb == "alter" and cursor.accept("RENAME", "TO"):
        yield Made(SchemaOp(names[0], "rename", cursor.name()))
    elif verb == "alter":
        cursor.rest()
        yield Made(HarmlessOp("alter schema"))
    else:
        if cursor.accept("AUTHORIZATION"):
            cursor.name()
        cascade = "cascade" in behaviour(cursor)
        for name in names:
            yield Made(SchemaOp(name, verb, cascade=cascade))


def database(cursor: Cursor) -> Iterator[Made]:
    """Read `CREATE`, `ALTER` and `DROP DATABASE`."""
    if_exists(cursor) or if_not_exists(cursor)
    name = cursor.name()
    cursor.rest()
    yield Made(DatabaseOp(name, cursor.tokens[0].key.lower()))


def extension(cursor: Cursor) -> Iterator[Made]:
    """Read `CREATE`, `ALTER` and `DROP EXTENSION`."""
    verb = cursor.tokens[0].key.lower()
    if_exists(cursor)
    skips = if_not_exists(cursor)
    names = _names(cursor)
    cascade = any(token.key == "CASCADE" for token in cursor.tokens)
    cursor.rest()
    for _, name in names:
        yield Made(ExtensionOp(name, verb, skips, cascade))


def publication(cursor: Cursor) -> Iterator[Made]:
    """Read `CREATE`, `ALTER` and `DROP PUBLICATION`."""
    if_exists(cursor)
    name = cursor.name()
    tables = []
    while not cursor.done:
        if cursor.accept("TABLE"):
            tables = _published(cursor)
        else:
            cursor.skip()
    yield Made(PublicationOp(name, cursor.tokens[0].key.lower(), tuple(tables)))


def _published(cursor: Cursor) -> list[str]:
    found = []
    for item in cursor.items():
        item.accept("ONLY")
        schema, name = item.qualified()
        found.append(f"{schema}.{name}" if schema else name)
    return found


def other(cursor: Cursor) -> Iterator[Made]:
    """Read what changes no table: roles, casts, collations, operators, statistics, …"""
    kind = " ".join(token.key.lower() for token in cursor.tokens[: cursor.position] if token.key)
    cursor.rest()
    yield Made(HarmlessOp(kind))


def powerful(cursor: Cursor) -> Iterator[Made]:
    """Read what acts on other statements or on other servers."""
    kind = " ".join(token.key.lower() for token in cursor.tokens[: cursor.position] if token.key)
    cursor.rest()
    yield Made(OpaqueOp(f"what {kind} brings about is not known", cursor.everything()))


def _for_each_verb(*words: str) -> list[tuple[str, ...]]:
    return [(verb, *words) for verb in ("CREATE", "ALTER", "DROP")]


_OTHERS = (
    "ROLE", "USER", "GROUP", "CAST", "COLLATION", "CONVERSION", "OPERATOR", "STATISTICS", "TEXT", "LANGUAGE",
    "SERVER", "ACCESS", "TABLESPACE", "TRANSFORM", "LARGE", "DEFAULT", "OWNED",
)  # fmt: skip

STATEMENTS = {
    **dict.fromkeys(_for_each_verb("SEQUENCE"), sequence),
    **dict.fromkeys(
        [key for word in ("FUNCTION", "PROCEDURE", "ROUTINE", "AGGREGATE") for key in _for_each_verb(word)],
        function,
    ),
    **dict.fromkeys(_for_each_verb("SCHEMA"), schema_),
    **dict.fromkeys(_for_each_verb("DATABASE"), database),
    **dict.fromkeys(_for_each_verb("EXTENSION"), extension),
    **dict.fromkeys(_for_each_verb("PUBLICATION"), publication),
    **dict.fromkeys([key for word in _OTHERS for key in _for_each_verb(word)], other),
    ("CREATE", "AGGREGATE", "FUNCTION"): function,
    ("DROP", "OWNED"): powerful,
    **dict.fromkeys(_for_each_verb("EVENT", "TRIGGER"), powerful),
    **dict.fromkeys(_for_each_verb("SUBSCRIPTION"), powerful),
    ("ALTER", "SYSTEM"): other,
}
MYSQL_STATEMENTS = dict.fromkeys(_for_each_verb("EVENT"), other)
