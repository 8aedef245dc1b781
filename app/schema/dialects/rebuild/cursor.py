"""Goes over the tokens of a statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .lexer import Token

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_END = Token("end", "")


class UnreadableTable(Exception):
    """The text is not what the grammar says."""


class Cursor:
    """Goes over tokens from left to right."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = list(tokens)
        self.place = 0

    def peek(self, ahead: int = 0) -> Token:
        """Return a token that is not space, without going on."""
        return next(self._significant(ahead), _END)

    def _significant(self, ahead: int) -> Iterator[Token]:
        found = 0
        for token in self.tokens[self.place :]:
            if token.kind != "space":
                if found == ahead:
                    yield token
                found += 1

    def next(self) -> Token:
        """Go over the next token that is not space.

        :raises UnreadableTable: at the end.
        """
        while self.place < len(self.tokens):
            token = self.tokens[self.place]
            self.place += 1
            if token.kind != "space":
                return token
        raise UnreadableTable("The text ends too early.")

    def at(self, *keywords: str) -> bool:
        """Whether the next tokens are these keywords."""
        return all(self.peek(n).keyword == word for n, word in enumerate(keywords))

    def skip(self, *keywords: str) -> bool:
        """Go over these keywords if they come next."""
        found = self.at(*keywords)
        for _ in keywords if found else ():
            self.next()
        return found

    def expect(self, text: str) -> None:
        """Go over a token.

        :raises UnreadableTable: if another one comes next.
        """
        token = self.next()
        if token.text.upper() != text:
            raise UnreadableTable(f"'{token.text}' stands where '{text}' should.")

    def parenthesis(self) -> list[Token]:
        """Go over a parenthesis and return what is inside."""
        self.expect("(")
        start, depth = self.place, 1
        while depth:
            depth += {"(": 1, ")": -1}.get(self.next().text, 0)
        return self.tokens[start : self.place - 1]

    def space(self) -> int:
        """Go over space and comments, and return where they begin."""
        start = self.place
        while self.place < len(self.tokens) and self.tokens[self.place].kind == "space":
            self.place += 1
        return start
