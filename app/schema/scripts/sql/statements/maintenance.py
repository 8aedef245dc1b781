"""Statements that rewrite, lock, empty or inspect whole tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....core.ops import HarmlessOp, LockTableOp, ReindexOp, RewriteTableOp, SelectOp, TruncateOp
from ..clauses import behaviour, online
from ..cursor import NotUnderstood
from ..made import Made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..cursor import Cursor

_OFF = ("FALSE", "OFF", "0")


def _key(cursor: Cursor) -> str:
    schema, name = cursor.qualified()
    return f"{schema}.{name}" if schema else name


def _options(cursor: Cursor) -> dict[str, bool]:
    """Read `(FULL, VERBOSE off)`."""
    found = {}
    for item in cursor.group().items() if cursor.at("(") else ():
        word = item.word()
        found[word] = item.rest().upper() not in _OFF
    return found


def reindex(cursor: Cursor) -> Iterator[Made]:
    """Read `REINDEX`."""
    concurrently = _options(cursor).get("CONCURRENTLY", False)
    kind = cursor.accept_any("INDEX", "TABLE", "SCHEMA", "DATABASE", "SYSTEM")
    concurrently = cursor.accept("CONCURRENTLY") or concurrently
    schema, name = (None, None) if cursor.done else cursor.qualified()
    yield Made(ReindexOp((kind or "table").lower(), name, schema, concurrently))


def cluster(cursor: Cursor) -> Iterator[Made]:
    """Read `CLUSTER table USING index` and `REPACK`."""
    options = _options(cursor)
    cursor.accept("VERBOSE")
    command = cursor.tokens[0].key
    concurrently = options.get("CONCURRENTLY", False) or cursor.accept("CONCURRENTLY")
    schema, name = (None, None) if cursor.done or cursor.at("USING") else cursor.qualified()
    cursor.rest()
    yield Made(RewriteTableOp(command, name, schema, concurrently))


def vacuum(cursor: Cursor) -> Iterator[Made]:
    """Read `VACUUM`: only `FULL` keeps others waiting. SQLite rewrites the whole file."""
    options = _options(cursor)
    while word := cursor.accept_any("FULL", "FREEZE", "VERBOSE", "ANALYZE"):
        options[word] = True
    if not options.get("FULL") and cursor.server.engine != "sqlite":
        cursor.rest()
        yield Made(HarmlessOp("vacuum"))
        return
    if cursor.accept("INTO"):
        cursor.rest()
        yield Made(HarmlessOp("backup"))
        return
    if cursor.done:
        yield Made(RewriteTableOp("VACUUM FULL"))
    for item in cursor.items():
        schema, name = item.qualified()
        yield Made(RewriteTableOp("VACUUM FULL", name, schema))


def optimize(cursor: Cursor) -> Iterator[Made]:
    """Read `OPTIMIZE TABLE` and `REPAIR TABLE`."""
    command = cursor.tokens[0].key
    cursor.accept_any("LOCAL", "NO_WRITE_TO_BINLOG")
    if not cursor.accept_any("TABLE", "TABLES"):
        raise cursor.surprise("TABLE")
    for item in cursor.items():
        schema, name = item.qualified()
        yield Made(RewriteTableOp(f"{command} TABLE", name, schema), online(item))


def truncate(cursor: Cursor) -> Iterator[Made]:
    """Read `TRUNCATE`."""
    cursor.accept("TABLE")
    cursor.accept("ONLY")
    names = [_key(cursor)]
    cursor.accept("*")
    while cursor.accept(","):
        cursor.accept("ONLY")
        names.append(_key(cursor))
    if cursor.accept_any("RESTART", "CONTINUE"):
        cursor.expect("IDENTITY")
    cascade = "cascade" in behaviour(cursor)
    yield Made(TruncateOp(tuple(names), cascade), online(cursor))


def lock(cursor: Cursor) -> Iterator[Made]:
    """Read `LOCK TABLE` of PostgreSQL and `LOCK TABLES` of MySQL."""
    cursor.accept_any("TABLE", "TABLES")
    if cursor.server.dialect_name == "mysql":
        yield from _lock_mysql(cursor)
        return
    cursor.accept("ONLY")
    names = [_key(cursor)]
    while cursor.accept(","):
        cursor.accept("ONLY")
        names.append(_key(cursor))
    mode = ["ACCESS", "EXCLUSIVE"]
    if cursor.accept("IN"):
        mode = []
        while not cursor.accept("MODE"):
            mode.append(cursor.word())
    clauses = {"nowait": ""} if cursor.accept("NOWAIT") else {}
    yield Made(LockTableOp(tuple(names), " ".join(mode)), clauses)


def _lock_mysql(cursor: Cursor) -> Iterator[Made]:
    if cursor.accept("INSTANCE"):
        raise NotUnderstood("it locks the whole server for backup")
    for item in cursor.items():
        name = _key(item)
        if not item.at_any(("READ", "WRITE", "LOW_PRIORITY")):
            item.accept("AS")
            item.name()
        mode = item.word()
        mode += " LOCAL" if item.accept("LOCAL") else " WRITE" if item.accept("WRITE") else ""
        clauses = online(item)
        item.expect_end()
        yield Made(LockTableOp((name,), mode), clauses)


def flush(cursor: Cursor) -> Iterator[Made]:
    """Read `FLUSH`: with a lock it stops all writers."""
    rest = cursor.rest().upper()
    if "LOCK" in rest or "EXPORT" in rest:
        yield Made(LockTableOp((), "READ"))
    else:
        yield Made(HarmlessOp("flush"))


def analyze(cursor: Cursor) -> Iterator[Made]:
    """Read `ANALYZE`, and `CHECK TABLE` and `CHECKSUM TABLE` of MySQL."""
    kind = cursor.tokens[0].key.lower()
    cursor.rest()
    yield Made(HarmlessOp(kind))


def show(cursor: Cursor) -> Iterator[Made]:
    """Read `SHOW`, `DESCRIBE` and the like."""
    cursor.rest()
    yield Made(SelectOp(cursor.everything()))


def explain(cursor: Cursor) -> Iterator[Made]:
    """Read `EXPLAIN`; `EXPLAIN ANALYZE` runs the statement."""
    words = {token.key for token in cursor.tokens[:12]}
    if "ANALYZE" in words or "ANALYSE" in words:
        raise NotUnderstood("EXPLAIN ANALYZE runs the statement that it explains")
    return show(cursor)


STATEMENTS = {
    ("REINDEX",): reindex,
    ("CLUSTER",): cluster,
    ("REPACK",): cluster,
    ("VACUUM",): vacuum,
    ("TRUNCATE",): truncate,
    ("LOCK",): lock,
    ("ANALYZE",): analyze,
    ("ANALYSE",): analyze,
    ("SHOW",): show,
    ("EXPLAIN",): explain,
}
MYSQL_STATEMENTS = {
    ("OPTIMIZE",): optimize,
    ("REPAIR",): optimize,
    ("UNLOCK",): analyze,
    ("CHECK", "TABLE"): analyze,
    ("CHECKSUM", "TABLE"): analyze,
    ("DESCRIBE",): show,
    ("DESC",): show,
    ("USE",): analyze,
    ("FLUSH",): flush,
}
