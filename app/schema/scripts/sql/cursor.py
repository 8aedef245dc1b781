"""Reads the tokens of one statement from left to right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .lexer import Kind, Token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ...core.server import Server

_END = Token(Kind.SYMBOL, "", -1, -1)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b"}
_DOLLAR_TAG = re.compile(r"\$\w*\$")
_STRING_PREFIX = re.compile(r"""^[^'"$]*""")


class NotUnderstood(Exception):
    """A statement is not what its recogniser expects. The message completes "cannot be judged because …"."""


class Cursor:
    """A position in the tokens of one statement.

    Keywords match unquoted words alone, so that a column named "check" is never taken for one.
    """

    def __init__(self, server: Server, source: str, tokens: tuple[Token, ...]) -> None:
        self.server = server
        self.source = source
        self.tokens = tokens
        self.position = 0
        self.modifiers: frozenset[str] = frozenset()

    # Looking

    @property
    def done(self) -> bool:
        """True at the end."""
        return self.position >= len(self.tokens)

    def token(self, offset: int = 0) -> Token:
        """Return a token without moving; an empty symbol beyond the end."""
        place = self.position + offset
        return self.tokens[place] if 0 <= place < len(self.tokens) else _END

    def at(self, *keys: str) -> bool:
        """True if the next tokens are these keywords or symbols."""
        return all(self.token(offset).key == key for offset, key in enumerate(keys))

    def at_any(self, keys: Iterable[str]) -> bool:
        """True if the next token is one of these keywords or symbols."""
        key = self.token().key
        return bool(key) and key in keys

    def at_name(self) -> bool:
        """True if the next token can be a name."""
        return self.token().kind in (Kind.WORD, Kind.NAME) and not self.done

    def text(self, start: int, end: int | None = None) -> str:
        """Return the source between two token positions as it was written."""
        end = self.position if end is None else end
        return self.source[self.tokens[start].start : self.tokens[end - 1].end] if end > start else ""

    # Moving

    def accept(self, *keys: str) -> bool:
        """Move past these keywords if they are next."""
        if not self.at(*keys):
            return False
        self.position += len(keys)
        return True

    def accept_any(self, *keys: str) -> str | None:
        """Move past one of these keywords and return it."""
        if not self.at_any(keys):
            return None
        self.position += 1
        return self.tokens[self.position - 1].key

    def expect(self, *keys: str) -> None:
        """Move past these keywords.

        :raise NotUnderstood: they are not next.
        """
        if not self.accept(*keys):
            raise self.surprise(" ".join(keys))

    def expect_end(self) -> None:
        """Check that nothing is left.

        :raise NotUnderstood: something is.
        """
        if not self.done:
            raise NotUnderstood(f"{self.excerpt()!r} was not expected there")

    def surprise(self, expected: str) -> NotUnderstood:
        """Make the error that says what was found instead of what was expected."""
        found = repr(self.excerpt()) if not self.done else "the end"
        return NotUnderstood(f"{expected} was expected where {found} stands")

    def excerpt(self) -> str:
        """Return the next few words."""
        return self.text(self.position, min(self.position + 4, len(self.tokens)))

    def skip(self) -> Token:
        """Move past one token, or past a whole group in parentheses, and return the first token."""
        if self.done:
            raise self.surprise("more")
        token = self.token()
        if token.key in ("(", "["):
            self.group()
        else:
            self.position += 1
        return token

    def rest(self) -> str:
        """Move to the end and return what was left."""
        start, self.position = self.position, len(self.tokens)
        return self.text(start)

    # Names and literals

    def name(self) -> str:
        """Read a name: unquoted, and in small letters on PostgreSQL if it was not quoted."""
        if not self.at_name():
            raise self.surprise("a name")
        return self._folded(self.tokens[self._advance()])

    def _advance(self) -> int:
        self.position += 1
        return self.position - 1

    def _folded(self, token: Token) -> str:
        raw = self.source[token.start : token.end]
        if token.kind is Kind.WORD:
            return raw.lower() if self.server.engine == "postgresql" else raw
        quote = raw[-1]
        body = raw[raw.index(quote if quote != "]" else "[") + 1 : -1]
        return body if quote == "]" else body.replace(quote * 2, quote)

    def qualified(self) -> tuple[str | None, str]:
        """Read `[catalogue.][schema.]name`; return schema and name, no schema for PostgreSQL's `public`."""
        parts = [self.name()]
        while self.accept("."):
            parts.append(self.name())
        schema = parts[-2] if len(parts) > 1 else None
        return (None if schema == self.default_schema else schema), parts[-1]

    @property
    def default_schema(self) -> str | None:
        """The schema that is searched anyway, so that naming it says nothing."""
        return "public" if self.server.engine == "postgresql" else None

    def string(self) -> str:
        """Read a string literal and return its content."""
        token = self.token()
        if token.kind is not Kind.STRING:
            raise self.surprise("a string")
        self.position += 1
        return self.content(token)

    def content(self, token: Token) -> str:
        """Return what a string literal says."""
        raw = self.source[token.start : token.end]
        if raw.startswith("$") and (tag := _DOLLAR_TAG.match(raw)):
            return raw[len(tag[0]) : -len(tag[0])]
        prefix = (_STRING_PREFIX.match(raw) or [""])[0]
        quote = raw[len(prefix)]
        body = raw[len(prefix) + 1 : -1].replace(quote * 2, quote)
        if self.server.dialect_name == "mysql" or prefix.lower() == "e":
            return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), body, flags=re.DOTALL)
        return body

    def word(self) -> str:
        """Read one word or number and return it in capitals."""
        token = self.token()
        if token.kind not in (Kind.WORD, Kind.NUMBER, Kind.NAME) or self.done:
            raise self.surprise("a word")
        self.position += 1
        return self.source[token.start : token.end].upper()

    # Groups and expressions

    def group(self) -> Cursor:
        """Read `( … )` or `[ … ]` and return a cursor over what is inside."""
        if not self.at_any(("(", "[")):
            raise self.surprise("(")
        start = self.position + 1
        end = self._matching()
        self.position = end + 1
        return Cursor(self.server, self.source, self.tokens[start:end])

    def _matching(self) -> int:
        depth = 0
        for place in range(self.position, len(self.tokens)):
            key = self.tokens[place].key
            if key in ("(", "["):
                depth += 1
            elif key in (")", "]"):
                depth -= 1
                if depth == 0:
                    return place
        raise NotUnderstood("a parenthesis is not closed")

    def everything(self) -> str:
        """Return all tokens as they were written."""
        return self.text(0, len(self.tokens))

    def items(self) -> Iterator[Cursor]:
        """Yield a cursor for each part between commas, from here to the end."""
        while not self.done:
            start = self.position
            while not self.done and not self.at(","):
                self.skip()
            yield Cursor(self.server, self.source, self.tokens[start : self.position])
            self.accept(",")

    def expression(self, stops: Iterable[str] = ()) -> str:
        """Read up to a comma, the end or one of the words that end the expression; return it as written.

        The first token always belongs to the expression: `DEFAULT NULL NULL`.
        """
        start = self.position
        self.skip()
        while not self.done and not self.at(",") and (self._inside_type() or not self.at_any(stops)):
            self.skip()
        return self.text(start)

    def _inside_type(self) -> bool:
        """True where a word belongs to the type of a cast: `'a'::character varying`, `… without time zone`."""
        return self.token(-1).key == "::" or self.token(1).key == "TIME"

    def names(self) -> list[str]:
        """Read `(a, b, …)`."""
        return [item.name() for item in self.group().items()]
