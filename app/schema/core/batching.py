"""Whether what a revision reads decides only how far a loop over batches of rows goes."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_AGGREGATE = re.compile(r"\s*select\s+(coalesce|count|max|min)\b", re.IGNORECASE)
_INNERMOST = re.compile(r"\([^()]*\)")
_LIMITED = re.compile(r"\blimit\s+\S|\bfetch\s+(first|next)\b", re.IGNORECASE)
_SCHEMA = re.compile(r"\b(create|alter|drop|truncate|rename)\b", re.IGNORECASE)
_SENDING = ("execute", "exec_driver_sql")
_HARMLESS_OPS = (*_SENDING, "get_bind", "get_context")


def is_number(sql: str) -> bool:
    """True if a query returns one row with a count or an extreme."""
    inner = sql
    while (shorter := _INNERMOST.sub(" ", inner)) != inner:
        inner = shorter
    return _AGGREGATE.match(inner) is not None and re.search(r"\bgroup\s+by\b", inner, re.IGNORECASE) is None


def reads_little(queries: Iterable[str]) -> bool:
    """True if each query returns one number or a limited number of rows."""
    return all(is_number(sql) or _LIMITED.search(sql) for sql in queries)


def only_batches(source: str) -> bool:
    """True if no branch sends a statement, and no loop does anything but send statements about rows."""
    return not any(_acts(node) for node in ast.walk(ast.parse(source)))


def loops_send(source: str) -> bool:
    """True if a loop sends statements."""
    loops = (node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.For, ast.While)))
    return any(_sends(call) for loop in loops for call in _calls(loop))


def _acts(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return any(_sends(call) for branch in (*node.body, *node.orelse) for call in _calls(branch))
    if isinstance(node, (ast.For, ast.While)):
        names = {name for name in map(_operation, _calls(node)) if name}
        return bool(names - set(_HARMLESS_OPS)) or any(_SCHEMA.search(text) for text in _texts(node))
    return False


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (each for each in ast.walk(node) if isinstance(each, ast.Call))


def _texts(node: ast.AST) -> Iterator[str]:
    return (n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str))


def _operation(call: ast.Call) -> str | None:
    """Return the verb of `op.verb(…)`."""
    target = call.func
    known = (
        isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "op"
    )
    return target.attr if known and isinstance(target, ast.Attribute) else None


def _sends(call: ast.Call) -> bool:
    attribute = call.func.attr if isinstance(call.func, ast.Attribute) else None
    return _operation(call) is not None or attribute in _SENDING
