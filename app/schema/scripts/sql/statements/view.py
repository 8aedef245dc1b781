"""Views, plain and materialized."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....core.ops import ViewOp
from .. import queries
from ..clauses import behaviour, if_exists, if_not_exists, query_text
from ..made import Made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..cursor import Cursor


def create_view(cursor: Cursor) -> Iterator[Made]:
    """Read the rest of `CREATE VIEW`, and which tables its query reads."""
    if_not_exists(cursor)
    schema, name = cursor.qualified()
    columns = tuple(cursor.names()) if cursor.at("(") else ()
    while not cursor.accept("AS"):
        cursor.skip()
    query, _ = query_text(cursor)
    op = ViewOp(
        name,
        "replace" if "REPLACE" in cursor.modifiers else "create",
        schema,
        materialized="MATERIALIZED" in cursor.modifiers,
        columns=columns or tuple(queries.projected(query, cursor.server)),
        sources=queries.tables(query, cursor.server),
    )
    yield Made(op)


def drop_view(cursor: Cursor) -> Iterator[Made]:
    """Read `DROP VIEW a, b`."""
    clauses = {"if_exists": ""} if if_exists(cursor) else {}
    names = [cursor.qualified()]
    while cursor.accept(","):
        names.append(cursor.qualified())
    cascade = "cascade" in behaviour(cursor)
    for schema, name in names:
        materialized = "MATERIALIZED" in cursor.modifiers
        yield Made(ViewOp(name, "drop", schema, materialized=materialized, cascade=cascade), clauses)


def refresh(cursor: Cursor) -> Iterator[Made]:
    """Read `REFRESH MATERIALIZED VIEW`."""
    concurrently = cursor.accept("CONCURRENTLY")
    schema, name = cursor.qualified()
    clauses = {"no_data": ""} if cursor.accept("WITH", "NO", "DATA") else {}
    cursor.accept("WITH", "DATA")
    yield Made(ViewOp(name, "refresh", schema, materialized=True, concurrently=concurrently), clauses)


def alter_view(cursor: Cursor) -> Iterator[Made]:
    """Read `ALTER VIEW`: PostgreSQL changes what is around the query, MySQL the query itself."""
    if_exists(cursor)
    schema, name = cursor.qualified()
    action = "replace" if cursor.server.dialect_name == "mysql" else "alter"
    cursor.rest()
    yield Made(ViewOp(name, action, schema, materialized="MATERIALIZED" in cursor.modifiers))


STATEMENTS = {
    ("CREATE", "VIEW"): create_view,
    ("DROP", "VIEW"): drop_view,
    ("ALTER", "VIEW"): alter_view,
    ("REFRESH", "VIEW"): refresh,
}
