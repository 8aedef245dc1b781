"""Statements that read or change rows. Their queries and conditions are parsed by sqlglot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....core.ops import DmlOp, HarmlessOp, SelectOp
from .. import plain, queries
from ..clauses import word_or_string
from ..cursor import NotUnderstood
from ..made import Made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..cursor import Cursor


def query(cursor: Cursor) -> Iterator[Made]:
    """Read `SELECT`, `VALUES`, `TABLE` and everything that starts with `WITH`."""
    cursor.rest()
    return (Made(op, clauses) for op, clauses in queries.operations(cursor.everything(), cursor.server))


def insert(cursor: Cursor) -> Iterator[Made]:
    """Read `INSERT` and `REPLACE`. Rows are not parsed: there may be thousands."""
    cursor.accept_any("LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY")
    clauses = {"ignore": ""} if cursor.accept("IGNORE") else {}
    if cursor.accept("OR"):
        clauses[cursor.word().lower()] = ""
    if not cursor.accept("INTO") and cursor.server.dialect_name != "mysql":
        raise cursor.surprise("INTO")
    schema, table = cursor.qualified()
    if cursor.accept("AS"):
        cursor.name()
    columns = cursor.names() if cursor.at("(") and not _is_query(cursor) else []
    if cursor.accept("OVERRIDING"):
        cursor.word()
        cursor.expect("VALUE")
    from_query = _is_query(cursor)
    if from_query:
        yield from _changes_inside(cursor)
    text = cursor.everything()
    cursor.rest()
    yield Made(
        DmlOp(table, schema, "insert", columns=tuple(columns), from_query=from_query, sql=text), clauses
    )


def _is_query(cursor: Cursor) -> bool:
    return any(cursor.at(*("(",) * depth, word) for depth in (0, 1) for word in ("SELECT", "WITH", "TABLE"))


def _changes_inside(cursor: Cursor) -> Iterator[Made]:
    """Yield what the query of an INSERT does besides reading: data-modifying CTEs, unknown functions."""
    text = cursor.text(cursor.position, len(cursor.tokens))
    for marker in ("ON CONFLICT", "RETURNING", "ON DUPLICATE"):
        place = text.upper().rfind(marker)
        text = text[:place] if place > 0 else text
    try:
        found = queries.operations(text, cursor.server)
    except NotUnderstood:
        return  # the INSERT itself is understood; its rows come from somewhere
    for op, clauses in found:
        if isinstance(op, DmlOp):
            yield Made(op, clauses)


def change(cursor: Cursor) -> Iterator[Made]:
    """Read `UPDATE`, `DELETE` and `MERGE`; sqlglot does not know all that may stand behind the verb."""
    start = cursor.position
    while cursor.accept_any("LOW_PRIORITY", "QUICK", "IGNORE"):
        pass
    if cursor.accept("OR"):
        cursor.word()
    text = cursor.everything()
    if cursor.position > start:
        text = f"{cursor.tokens[0].key} {cursor.text(cursor.position, len(cursor.tokens))}"
    cursor.rest()
    simple = plain.change(text, cursor.server)
    if simple is not None:
        return iter((Made(simple),))
    return (Made(op, clauses) for op, clauses in queries.operations(text, cursor.server))


def copy(cursor: Cursor) -> Iterator[Made]:
    """Read `COPY`: `TO` only reads."""
    text = cursor.everything()
    if cursor.at("("):
        cursor.rest()
        yield Made(SelectOp(text))
        return
    schema, table = cursor.qualified()
    columns = tuple(cursor.names()) if cursor.at("(") else ()
    reads = cursor.accept("TO")
    if not reads:
        cursor.expect("FROM")
    cursor.rest()
    key = f"{schema}.{table}" if schema else table
    yield Made(SelectOp(text, (key,)) if reads else DmlOp(table, schema, "insert", columns=columns, sql=text))


def load_data(cursor: Cursor) -> Iterator[Made]:
    """Read `LOAD DATA … INTO TABLE t`."""
    while not cursor.accept("INTO", "TABLE"):
        cursor.skip()
    schema, table = cursor.qualified()
    cursor.rest()
    yield Made(DmlOp(table, schema, "insert", sql=cursor.everything()))


def call(cursor: Cursor) -> Iterator[Made]:
    """Read `CALL`, `EXECUTE` and the like: what they run is not in the text."""
    raise NotUnderstood(f"it runs code that is not part of it: {cursor.excerpt()!r}")


def attach(cursor: Cursor) -> Iterator[Made]:
    """Read `ATTACH DATABASE 'file' AS name` of SQLite."""
    cursor.accept("DATABASE")
    name = word_or_string(cursor)
    raise NotUnderstood(f"it brings in another database: {name!r}")


def detach(cursor: Cursor) -> Iterator[Made]:
    """Read `DETACH DATABASE` of SQLite."""
    cursor.rest()
    yield Made(HarmlessOp("detach"))


STATEMENTS = {
    ("SELECT",): query,
    ("WITH",): query,
    ("VALUES",): query,
    ("(",): query,
    ("INSERT",): insert,
    ("REPLACE",): insert,
    ("UPDATE",): change,
    ("DELETE",): change,
    ("MERGE",): change,
    ("COPY",): copy,
    ("CALL",): call,
    ("EXECUTE",): call,
    ("PREPARE",): call,
}
MYSQL_STATEMENTS = {("LOAD",): load_data}
SQLITE_STATEMENTS = {("ATTACH",): attach, ("DETACH",): detach}
