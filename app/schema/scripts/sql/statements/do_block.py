"""`DO $$ … $$`: understood where the block is a list of statements that may be skipped or fail without harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..cursor import Cursor, NotUnderstood
from ..lexer import Kind, statements, tokens
from ..made import Made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..lexer import Statement

_REASON = "the block runs code whose course is not known before it runs"


def do(cursor: Cursor) -> Iterator[Made]:
    """Read the two idioms that stand in for a missing `IF NOT EXISTS`.

    `BEGIN <statements> EXCEPTION WHEN duplicate_object THEN NULL; END` and
    `BEGIN IF [NOT] EXISTS (<query>) THEN <statements> END IF; END`. The statements are taken as run, with the clause
    `conditional`.
    """
    if cursor.accept("LANGUAGE") and cursor.name() != "plpgsql":
        raise NotUnderstood(_REASON)
    body = cursor.string()
    if cursor.accept("LANGUAGE") and cursor.name() != "plpgsql":
        raise NotUnderstood(_REASON)
    inner = Cursor(cursor.server, body, tuple(tokens(body, cursor.server.dialect_name)))
    for statement in _statements(inner):
        yield from _run(statement, cursor)


def _run(statement: Statement, cursor: Cursor) -> Iterator[Made]:
    from ..dispatch import operations  # the dispatcher finds this module by importing it

    for made in operations(statement, cursor.server):
        yield Made(made.op, {**made.clauses, "conditional": ""})


def _statements(body: Cursor) -> Iterator[Statement]:
    body.expect("BEGIN")
    end = len(body.tokens)
    if body.tokens[-1].key == ";":
        end -= 1
    if body.tokens[end - 1].key != "END":
        raise NotUnderstood(_REASON)
    handled = next((place for place in range(end) if body.tokens[place].key == "EXCEPTION"), None)
    if handled is not None:
        _expect_harmless_handler(body, handled, end - 1)
    last = end - 1 if handled is None else handled
    for statement in statements(body.text(1, last), body.server.dialect_name):
        yield from _unconditional(statement, body.server.dialect_name)


def _expect_harmless_handler(body: Cursor, start: int, end: int) -> None:
    """Check for `WHEN a OR b THEN NULL;` or `RAISE NOTICE …;`."""
    keys = [body.tokens[place].key for place in range(start + 1, end)]
    if keys.count("THEN") != 1 or keys[keys.index("THEN") + 1] not in ("NULL", "RAISE"):
        raise NotUnderstood(_REASON)


def _unconditional(statement: Statement, dialect_name: str) -> Iterator[Statement]:
    """Strip `IF … THEN` in front of a statement, drop `END IF`, and refuse what else only PL/pgSQL has."""
    keys = [token.key for token in statement.tokens]
    if keys in (["END", "IF"], ["NULL"]) or keys[0] == "RAISE":
        return
    if keys[0] == "IF":
        if "THEN" not in keys or "EXISTS" not in keys[:3]:
            raise NotUnderstood(_REASON)
        rest = statement._replace(tokens=statement.tokens[keys.index("THEN") + 1 :])
        if rest.tokens:
            yield from _unconditional(rest, dialect_name)
        return
    if keys[0] in _CONTROL or statement.tokens[0].kind is not Kind.WORD or keys[1:2] == [":="]:
        raise NotUnderstood(_REASON)
    yield statement


_CONTROL = frozenset({
    "EXECUTE", "PERFORM", "FOR", "FOREACH", "LOOP", "WHILE", "RETURN", "DECLARE", "BEGIN", "CASE", "ELSE", "ELSIF",
    "GET", "OPEN", "FETCH", "CLOSE", "EXIT", "CONTINUE", "ASSERT", "CALL",
})  # fmt: skip

STATEMENTS = {("DO",): do}
