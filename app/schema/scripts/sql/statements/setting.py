"""`SET`, `RESET` and `PRAGMA`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ....core.ops import SelectOp, SettingOp
from ..cursor import Cursor
from ..lexer import Kind, Statement
from ..made import Made

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCOPES = {"LOCAL": "transaction", "SESSION": "session", "GLOBAL": "global", "PERSIST": "global"}
_PRAGMAS_THAT_ASK = frozenset(
    {"foreign_key_check", "integrity_check", "quick_check", "table_info", "table_xinfo"}
)


def set_(cursor: Cursor) -> Iterator[Made]:
    """Read `SET`; MySQL sets several variables with one."""
    if cursor.accept("STATEMENT"):
        yield from _for_one_statement(cursor)
        return
    if cursor.server.dialect_name == "mysql":
        for item in cursor.items():
            yield Made(_setting(item))
        return
    yield Made(_setting(cursor))


def _for_one_statement(cursor: Cursor) -> Iterator[Made]:
    """Read `SET STATEMENT variable = value, … FOR statement` of MariaDB."""
    from ..dispatch import operations  # the dispatcher finds this module by importing it

    start = cursor.position
    while not cursor.at("FOR"):
        cursor.skip()
    for item in Cursor(cursor.server, cursor.source, cursor.tokens[start : cursor.position]).items():
        setting = _setting(item)
        setting.scope = "statement"
        yield Made(setting)
    inner = cursor.tokens[cursor.position + 1 :]
    cursor.rest()
    if not inner:
        raise cursor.surprise("a statement")
    yield from operations(Statement(cursor.source, inner), cursor.server)


def _setting(cursor: Cursor) -> SettingOp:
    scope = (
        _SCOPES.get(cursor.token().key, "session")
        if cursor.token(1).key not in ("=", ":=", "TO")
        else "session"
    )
    if cursor.token().key in _SCOPES and cursor.token(1).key not in ("=", ":=", "TO"):
        cursor.word()
    if special := _special(cursor):
        return SettingOp(special, cursor.rest(), scope)
    if cursor.token().kind is Kind.PARAMETER:
        start = cursor.position
        cursor.position += 1
        name = cursor.text(start).lower()
        scope = "global" if name.startswith("@@global.") else scope
        name = name.removeprefix("@@").removeprefix("global.").removeprefix("session.")
    else:
        name = ".".join(filter(None, cursor.qualified()))
    if not cursor.accept_any("=", ":=", "TO"):
        raise cursor.surprise("= or TO")
    value = cursor.rest()
    return SettingOp(name.lower(), None if value.upper() == "DEFAULT" else _plain(value), scope)


def _plain(value: str) -> str:
    return (
        value[1:-1] if len(value) > 1 and value[0] == value[-1] == "'" and "'" not in value[1:-1] else value
    )


def _special(cursor: Cursor) -> str | None:
    """Read what is set without `=`."""
    for words, name in _SPECIAL:
        if cursor.accept(*words):
            return name
    return None


_SPECIAL = (
    (("TIME", "ZONE"), "timezone"),
    (("CHARACTERISTICS", "AS", "TRANSACTION"), "transaction"),
    (("TRANSACTION",), "transaction"),
    (("CONSTRAINTS",), "constraints"),
    (("AUTHORIZATION",), "session_authorization"),
    (("NAMES",), "names"),
    (("CHARACTER", "SET"), "names"),
    (("ROLE",), "role"),
)


def reset(cursor: Cursor) -> Iterator[Made]:
    """Read `RESET`."""
    name = cursor.rest().lower()
    yield Made(SettingOp(name, None))


def pragma(cursor: Cursor) -> Iterator[Made]:
    """Read `PRAGMA`; without a value it only asks."""
    name = cursor.qualified()[1].lower()
    if cursor.accept("="):
        yield Made(SettingOp(name, _plain(cursor.rest())))
    elif cursor.at("(") and name not in _PRAGMAS_THAT_ASK:
        yield Made(SettingOp(name, _plain(cursor.group().everything())))
    else:
        cursor.rest()
        yield Made(SelectOp(cursor.everything()))


STATEMENTS = {("SET",): set_, ("RESET",): reset}
SQLITE_STATEMENTS = {("PRAGMA",): pragma}
