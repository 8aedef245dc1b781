"""`CREATE`, `ALTER` and `DROP INDEX`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alembic.operations import ops

from ....core.ops import AttachIndexOp, HarmlessOp, OpaqueOp, RenameIndexOp
from ..clauses import behaviour, if_exists, if_not_exists, online
from ..indexes import index_columns, index_keywords
from ..made import Made
from ..text import literal_text, unwrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..cursor import Cursor

_PREFIXES = ("FULLTEXT", "SPATIAL")


def create_index(cursor: Cursor) -> Iterator[Made]:
    """Read the rest of `CREATE INDEX`."""
    options: dict[str, Any] = {}
    if cursor.accept("CONCURRENTLY"):
        options["postgresql_concurrently"] = True
    skips = if_not_exists(cursor)
    schema, name = (None, None) if cursor.at("ON") else cursor.qualified()
    using = _method(cursor)
    cursor.expect("ON")
    clauses = {"only": ""} if cursor.accept("ONLY") else {}
    table_schema, table = cursor.qualified()
    using = _method(cursor) or using
    columns = index_columns(cursor.group())
    options |= index_keywords(columns)
    clauses |= _endings(cursor, options)
    prefixes = [word for word in _PREFIXES if word in cursor.modifiers]
    if prefixes:
        options["mysql_prefix"] = prefixes[0]
    if using and cursor.server.engine != "sqlite":
        options[f"{cursor.server.dialect_name}_using"] = using
    op = ops.CreateIndexOp(
        name,
        table,
        [column.element() for column in columns],
        schema=table_schema or schema,
        unique="UNIQUE" in cursor.modifiers,
        if_not_exists=skips or None,
        **options,
    )
    yield Made(op, clauses)


def _method(cursor: Cursor) -> str | None:
    return cursor.name().lower() if cursor.accept("USING") else None


def _endings(cursor: Cursor, options: dict[str, Any]) -> dict[str, str]:
    dialect = cursor.server.dialect_name
    clauses: dict[str, str] = {}
    while not cursor.done:
        if found := online(cursor):
            clauses |= found
        elif cursor.accept("WHERE"):
            options[f"{dialect}_where"] = literal_text(unwrapped(cursor.rest()))
        elif cursor.accept("INCLUDE"):
            options["postgresql_include"] = cursor.names()
        elif cursor.accept("NULLS", "NOT", "DISTINCT"):
            options["postgresql_nulls_not_distinct"] = True
        elif cursor.accept("NULLS", "DISTINCT"):
            options["postgresql_nulls_not_distinct"] = False
        elif not _storage(cursor, options):
            break
    return clauses


def _storage(cursor: Cursor, options: dict[str, Any]) -> bool:
    if cursor.accept("WITH", "PARSER"):
        options["mysql_with_parser"] = cursor.name()
    elif cursor.accept("WITH"):
        parts = (item.everything().partition("=") for item in cursor.group().items())
        options["postgresql_with"] = {name.strip(): value.strip() for name, _, value in parts}
    elif cursor.accept("TABLESPACE"):
        options["postgresql_tablespace"] = cursor.name()
    elif cursor.accept("USING"):
        options["mysql_using"] = cursor.name().lower()
    elif cursor.accept_any("COMMENT", "KEY_BLOCK_SIZE"):
        cursor.accept("=")
        cursor.skip()
    else:
        return bool(cursor.accept_any("VISIBLE", "INVISIBLE", "IGNORED"))
    return True


def drop_index(cursor: Cursor) -> Iterator[Made]:
    """Read `DROP INDEX a, b` and `DROP INDEX a ON t`."""
    options: dict[str, Any] = {"postgresql_concurrently": True} if cursor.accept("CONCURRENTLY") else {}
    skips = if_exists(cursor)
    names = [cursor.qualified()]
    while cursor.accept(","):
        names.append(cursor.qualified())
    table_schema, table = cursor.qualified() if cursor.accept("ON") else (None, None)
    clauses = behaviour(cursor) | online(cursor)
    for schema, name in names:
        op = ops.DropIndexOp(name, table, schema=table_schema or schema, if_exists=skips or None, **options)
        yield Made(op, clauses)


def alter_index(cursor: Cursor) -> Iterator[Made]:
    """Read `ALTER INDEX`."""
    if_exists(cursor)
    schema, name = cursor.qualified()
    if cursor.accept("RENAME", "TO"):
        yield Made(RenameIndexOp(name, cursor.name(), None, schema))
    elif cursor.accept("ATTACH", "PARTITION"):
        part_schema, part = cursor.qualified()
        yield Made(AttachIndexOp(name, f"{part_schema}.{part}" if part_schema else part))
    elif cursor.at("SET", "TABLESPACE"):
        yield Made(
            OpaqueOp(
                f"the index {name} is copied to another tablespace and its table is not known", cursor.rest()
            )
        )
    elif cursor.accept_any("SET", "RESET", "ALTER", "DEPENDS", "NO"):
        cursor.rest()
        yield Made(HarmlessOp("index parameters"))
    else:
        raise cursor.surprise("an action of ALTER INDEX")


STATEMENTS = {
    ("CREATE", "INDEX"): create_index,
    ("DROP", "INDEX"): drop_index,
    ("ALTER", "INDEX"): alter_index,
}
