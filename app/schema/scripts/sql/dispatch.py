"""One statement → the recogniser of its kind. The recognisers are found by existing in `statements`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from ...core.ops import OpaqueOp
from . import statements as package
from .cursor import Cursor, NotUnderstood
from .lexer import Kind
from .made import Made
from .words import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...core.server import Server
    from .lexer import Statement
    from .made import Handler

_VERBS_WITH_OBJECT = frozenset({"CREATE", "ALTER", "DROP", "REFRESH"})
_MODIFIERS = words(
    "TEMP TEMPORARY GLOBAL LOCAL UNLOGGED UNIQUE FULLTEXT SPATIAL MATERIALIZED RECURSIVE CONSTRAINT TRUSTED VIRTUAL "
    "PROCEDURAL IGNORE ONLINE OFFLINE "
)


def operations(statement: Statement, server: Server) -> list[Made]:
    """Return the operations of a statement; one `OpaqueOp` where it is not understood."""
    if any(token.kind is Kind.BROKEN for token in statement.tokens):
        return [_opaque("a quotation mark is not closed", statement)]
    try:
        return _read(Cursor(server, statement.source, statement.tokens))
    except NotUnderstood as found:
        return [_opaque(str(found), statement)]
    except Exception:  # noqa: BLE001 - whatever the text is, the answer is "cannot tell" and never a crash
        return [_opaque("the statement has a form that is not known", statement)]


def _opaque(reason: str, statement: Statement) -> Made:
    return Made(OpaqueOp(reason, statement.text))


def _read(cursor: Cursor) -> list[Made]:
    handler = _handler(cursor)
    if handler is None:
        cursor.position = 0
        raise NotUnderstood(f"a statement that starts with {cursor.excerpt()!r} is not known")
    made = list(handler(cursor))
    cursor.expect_end()
    return made


def _handler(cursor: Cursor) -> Handler | None:
    """Find the recogniser and move past the words that name the statement; what modifies them is kept aside."""
    known = handlers(cursor.server.dialect_name)
    verb = cursor.token().key
    cursor.position = 1
    if verb in _VERBS_WITH_OBJECT:
        cursor.modifiers = _modifiers(cursor)
    for length in (2, 1, 0):
        key = (verb, *(cursor.token(offset).key for offset in range(length)))
        if handler := known.get(key):
            cursor.position += length
            return handler
    return None


def _modifiers(cursor: Cursor) -> frozenset[str]:
    found = set()
    while True:
        if cursor.accept("OR", "REPLACE"):
            found.add("REPLACE")
        elif cursor.at("DEFINER", "=") or cursor.at("ALGORITHM", "="):
            _skip_setting(cursor)
        elif cursor.accept("SQL", "SECURITY"):
            cursor.word()
        elif word := cursor.accept_any(*_MODIFIERS):
            found.add(word)
        else:
            return frozenset(found)


def _skip_setting(cursor: Cursor) -> None:
    """Move past `ALGORITHM = MERGE` and ``DEFINER = `user`@`host` `` of a view, trigger or routine."""
    cursor.position += 3
    while cursor.at("@") or cursor.token().kind is Kind.PARAMETER:
        cursor.position += 2 if cursor.at("@") else 1
    if cursor.at("("):
        cursor.group()


@cache
def handlers(dialect_name: str) -> Mapping[tuple[str, ...], Handler]:
    """Return the recognisers by the words that their statements start with."""
    found: dict[tuple[str, ...], Handler] = {}
    for module in sorted(info.name for info in iter_modules(package.__path__)):
        offered = import_module(f"{package.__name__}.{module}")
        found.update(offered.STATEMENTS)
        found.update(getattr(offered, f"{dialect_name.upper()}_STATEMENTS", {}))
    return found
