"""Queries and data changes, parsed by sqlglot: which tables, which conditions, which functions.

sqlglot is imported inside the functions: it takes 0.2 s, which only a revision with such a statement should pay.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations import ops

from ...core.ops import DmlOp, HarmlessOp, SelectOp, SettingOp
from . import conditions
from .cursor import NotUnderstood
from .functions import HARMLESS_EFFECTS, READ_ONLY
from .lexer import Kind, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.operations.ops import MigrateOperation
    from sqlglot import exp

    from ...core.server import Server

Found = tuple["MigrateOperation", dict[str, str]]
_DIALECTS = {"postgresql": "postgres", "mysql": "mysql", "sqlite": "sqlite"}


def operations(sql: str, server: Server) -> list[Found]:
    """Return the operations of one query or data change.

    :raise NotUnderstood: sqlglot cannot read it, or it calls a function that may do anything.
    """
    return list(_operations(parse(sql, server), sql, server))


def parse(sql: str, server: Server) -> exp.Expr:
    """Parse one statement.

    :raise NotUnderstood: it is not valid SQL for the server, as far as sqlglot knows.
    """
    import sqlglot  # 0.2 s: only where a query is met
    from sqlglot.errors import ErrorLevel, SqlglotError

    try:
        with _silent_parser():
            parsed = sqlglot.parse_one(
                _with_plain_parameters(sql, server),
                read=_DIALECTS[server.dialect_name],
                error_level=ErrorLevel.IMMEDIATE,
            )
    except (SqlglotError, RecursionError) as error:
        raise NotUnderstood("its SQL could not be parsed") from error
    return parsed


@contextmanager
def _silent_parser() -> Iterator[None]:
    """Keep sqlglot from writing to stderr what it cannot read: the operation says so."""
    logger = logging.getLogger("sqlglot")
    logger.addFilter(_nothing)
    try:
        yield
    finally:
        logger.removeFilter(_nothing)


def _nothing(_: logging.LogRecord) -> bool:
    return False


def _with_plain_parameters(sql: str, server: Server) -> str:
    """Write every bound parameter as `:p`, `%%` as `%` and `\\:` as `:`, which all dialects of sqlglot read."""
    parts: list[str] = []
    position = 0
    for token in tokens(sql, server.dialect_name):
        raw = sql[token.start : token.end]
        replacement = _replacement(token.kind, raw)
        if replacement is not None:
            parts += [sql[position : token.start], replacement]
            position = token.end
    return "".join([*parts, sql[position:]])


def _replacement(kind: Kind, raw: str) -> str | None:
    if kind is Kind.PARAMETER and raw[0] in "%:":
        return ":p"
    if kind is Kind.SYMBOL:
        return {"%%": "%", "\\": ""}.get(raw)
    return None


def tables(sql: str, server: Server) -> tuple[str, ...]:
    """Return the tables that a query reads; empty if it cannot be parsed."""
    try:
        return _tables(parse(sql, server), server)
    except NotUnderstood:
        return ()


def projected(sql: str, server: Server) -> list[str]:
    """Return the names of the columns that a query gives back, as far as they are known."""
    try:
        parsed = parse(sql, server)
    except NotUnderstood:
        return []
    return _projected(parsed, server)


def _projected(parsed: exp.Expr, server: Server) -> list[str]:
    return [_folded(name, server) for name in getattr(parsed, "named_selects", []) if name and name != "*"]


def _folded(name: str, server: Server) -> str:
    return name.lower() if server.engine == "postgresql" else name


def identifier(node: Any, server: Server) -> str:
    """Return the name that an identifier stands for: in small letters on PostgreSQL unless it was quoted."""
    name = str(node.this)
    return name if node.args.get("quoted") else _folded(name, server)


def _tables(parsed: exp.Expr, server: Server) -> tuple[str, ...]:
    from sqlglot import exp  # see the module's docstring

    hidden = {cte.alias.lower() for cte in parsed.find_all(exp.CTE)}
    found = []
    for table in parsed.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier) or (not table.db and table.name.lower() in hidden):
            continue
        schema, name = table_name(table, server)
        found.append(f"{schema}.{name}" if schema else name)
    return tuple(dict.fromkeys(found))


def table_name(table: Any, server: Server) -> tuple[str | None, str]:
    """Return schema and name of a table that sqlglot read, no schema for PostgreSQL's `public`."""
    given = table.args.get("db")
    schema = identifier(given, server) if given else None
    default = schema == "public" and server.engine == "postgresql"
    return (None if default else schema), identifier(table.this, server)


def _operations(parsed: exp.Expr, sql: str, server: Server) -> Iterator[Found]:
    from sqlglot import exp  # see the module's docstring

    changes = [
        node for node in parsed.walk() if isinstance(node, (exp.Insert, exp.Update, exp.Delete, exp.Merge))
    ]
    # The actions behind WHEN MATCHED are parts of the MERGE.
    changes = [node for node in changes if not node.find_ancestor(exp.Merge)]
    if changes:
        # A function that computes a value to be written is taken for what it looks like.
        yield from ((op, {}) for node in changes for op in _change(node, sql, server))
    elif isinstance(parsed, (exp.Query, exp.Values)):
        yield from _reading(parsed, sql, server)
    else:
        raise NotUnderstood("it is neither a query nor a data change")


def _reading(parsed: exp.Expr, sql: str, server: Server) -> Iterator[Found]:
    from sqlglot import exp  # see the module's docstring

    if strange := _strange_functions(parsed):
        raise NotUnderstood(f"it calls {strange[0]}(), and what that does is not known")
    into = parsed.args.get("into")
    if into is not None:
        yield from _into(parsed, table_name(into.this, server), sql, server)
        return
    effects = list(_effects(parsed, server))
    yield from ((effect, {}) for effect in effects)
    if not effects:
        locks = {"for_update": ""} if parsed.find(exp.Lock) else {}
        yield SelectOp(sql, _tables(parsed, server)), locks


def _into(parsed: exp.Expr, target: tuple[str | None, str], sql: str, server: Server) -> Iterator[Found]:
    """Yield what `SELECT … INTO table` does: a new table with columns of unknown types, and rows in it."""
    schema, name = target
    columns = [sa.Column(column, sa.types.NullType()) for column in _projected(parsed, server)]
    yield ops.CreateTableOp(name, columns, schema=schema), {"as": ""}
    yield DmlOp(name, schema, "insert", from_query=True, sql=sql), {}


def _effects(parsed: exp.Expr, server: Server) -> Iterator[MigrateOperation]:
    for name, arguments in _functions(parsed):
        if name == "set_config" and len(arguments) == 3:
            value = arguments[1].name if arguments[1].is_string else arguments[1].sql()
            scope = "session" if arguments[2].sql().upper() in ("FALSE", "'F'") else "transaction"
            yield SettingOp(arguments[0].name.lower(), value, scope)
        elif name in HARMLESS_EFFECTS:
            yield HarmlessOp(HARMLESS_EFFECTS[name])


def _functions(parsed: exp.Expr) -> Iterator[tuple[str, list[Any]]]:
    from sqlglot import exp  # see the module's docstring

    for call in parsed.find_all(exp.Anonymous, exp.NextValueFor):
        name = call.name.lower() if isinstance(call, exp.Anonymous) else "nextval"
        yield name, call.expressions


def _strange_functions(parsed: exp.Expr) -> list[str]:
    known = READ_ONLY | HARMLESS_EFFECTS.keys() | {"set_config"}
    return [name for name, _ in _functions(parsed) if name not in known]


def _change(node: Any, sql: str, server: Server) -> Iterator[DmlOp]:
    from sqlglot import exp  # see the module's docstring

    if isinstance(node, exp.Merge):
        yield _on(node.this, "merge", sql, server, where=True)
    elif isinstance(node, exp.Insert):
        yield _insert(node, sql, server)
    else:
        yield from _update_or_delete(node, sql, server)


def _update_or_delete(node: Any, sql: str, server: Server) -> Iterator[DmlOp]:
    from sqlglot import exp  # see the module's docstring

    condition = node.args.get("where")
    where, limited = conditions.judge(condition.this if condition else None)
    limited = limited or node.args.get("limit") is not None or (where and conditions.from_batch(node))
    columns = tuple(_assigned(node, server)) if isinstance(node, exp.Update) else ()
    kind = "update" if isinstance(node, exp.Update) else "delete"
    # MySQL's `DELETE a, b FROM a JOIN b` names the tables apart.
    for target in node.args.get("tables") or [node.this]:
        yield _on(target, kind, sql, server, where=where, limited=limited, columns=columns)


def _on(target: Any, kind: str, sql: str, server: Server, **more: Any) -> DmlOp:
    schema, name = table_name(target, server)
    return DmlOp(name, schema, kind, sql=sql, **more)


def _assigned(node: Any, server: Server) -> Iterator[str]:
    for assignment in node.expressions:
        left = assignment.this
        parts = left.expressions if left.expressions else [left]
        yield from (_folded(part.name, server) for part in parts if part.name)


def _insert(node: Any, sql: str, server: Server) -> DmlOp:
    from sqlglot import exp  # see the module's docstring

    schema = node.this if isinstance(node.this, exp.Schema) else None
    columns = tuple(_folded(part.name, server) for part in schema.expressions) if schema else ()
    target = schema.this if schema else node.this
    from_query = not isinstance(node.expression, exp.Values)
    return _on(target, "insert", sql, server, columns=columns, from_query=from_query)
