"""Names that a Python file uses and nobody defines: what would be a `NameError` on the day the line runs."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ALWAYS_THERE = frozenset({*dir(builtins), "__file__", "__name__", "__doc__"})


def undefined_names(source: str) -> tuple[str, ...]:
    """Names that are read somewhere in the source and set nowhere in it, sorted.

    Scopes are not looked at: a name that one function sets counts as set for all, so that nothing is found that is
    none. With `from … import *` nothing can be told.
    """
    nodes = list(ast.walk(ast.parse(source)))
    read = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    known = {name for node in nodes for name in _set_by(node)}
    return () if "*" in known else tuple(sorted(read - known - _ALWAYS_THERE))


def _set_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif (
        isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler))
        and node.name
    ):
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name).partition(".")[0]
    elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
        yield node.name
