"""Clauses that several kinds of statement share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .lexer import Kind

if TYPE_CHECKING:
    from .cursor import Cursor


def if_exists(cursor: Cursor) -> bool:
    """Read `IF EXISTS`."""
    return cursor.accept("IF", "EXISTS")


def if_not_exists(cursor: Cursor) -> bool:
    """Read `IF NOT EXISTS`."""
    return cursor.accept("IF", "NOT", "EXISTS")


def behaviour(cursor: Cursor) -> dict[str, str]:
    """Read `CASCADE` or `RESTRICT` as a clause."""
    word = cursor.accept_any("CASCADE", "RESTRICT")
    return {word.lower(): ""} if word else {}


def online(cursor: Cursor) -> dict[str, str]:
    """Read the clauses with which MySQL and MariaDB say how a change is to be carried out."""
    found: dict[str, str] = {}
    if cursor.server.dialect_name != "mysql":
        return found
    while True:
        if word := cursor.accept_any("ALGORITHM", "LOCK"):
            cursor.accept("=")
            found[word.lower()] = cursor.word()
        elif cursor.accept("WAIT"):
            found["wait"] = cursor.word()
        elif cursor.accept("NOWAIT"):
            found["nowait"] = ""
        else:
            return found


def query_text(cursor: Cursor) -> tuple[str, str]:
    """Read a query to the end of the statement; return it and what stands behind it, such as `WITH NO DATA`."""
    start, end = cursor.position, len(cursor.tokens)
    cursor.position = end
    for words in _BEHIND_QUERIES:
        if [token.key for token in cursor.tokens[end - len(words) : end]] == list(words):
            return cursor.text(start, end - len(words)), " ".join(words)
    return cursor.text(start, end), ""


_BEHIND_QUERIES = (
    ("WITH", "NO", "DATA"),
    ("WITH", "DATA"),
    ("WITH", "LOCAL", "CHECK", "OPTION"),
    ("WITH", "CASCADED", "CHECK", "OPTION"),
    ("WITH", "CHECK", "OPTION"),
)


def word_or_string(cursor: Cursor) -> str:
    """Read a value that may stand with or without quotes."""
    if cursor.token().kind is Kind.STRING:
        return cursor.string()
    if cursor.token().kind is Kind.NUMBER:
        return cursor.word()
    return cursor.name()
