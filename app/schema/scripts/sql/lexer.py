"""Text → tokens → statements, for each engine's rules of quoting. Never fails: what is not closed runs to the end."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(IntEnum):
    """What a token is. `BROKEN` is a quote or comment that is never closed."""

    WORD = 0
    NAME = 1
    STRING = 2
    NUMBER = 3
    PARAMETER = 4
    SYMBOL = 5
    BROKEN = 6


class Token(NamedTuple):
    """One token; `key` is the word in capitals or the symbol, and empty for what can be no keyword."""

    kind: Kind
    key: str
    start: int
    end: int


class Statement(NamedTuple):
    """The tokens of one statement of `source`, without the semicolon."""

    source: str
    tokens: tuple[Token, ...]

    @property
    def text(self) -> str:
        """The statement as it was written, from its first token to its last."""
        return self.source[self.tokens[0].start : self.tokens[-1].end]


# `%(name)s`, `%s`, `:name`, `$1`, `@variable`; a colon after a colon, a word or a backslash binds nothing.
_PARAMETER = r"(?P<PARAMETER>%\(\w+\)s|%s\b|(?<![:\w\\]):[^\W\d]\w*|\$\d+|@@?[\w.$]+)"
_COMMON = r"""
    |(?P<NUMBER>0[xX][0-9a-fA-F]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
    |(?P<WORD>[^\W\d][\w$]*)
    |(?P<BROKEN>['"`].*)
    |(?P<SYMBOL>::|:=|<=|>=|<>|!=|\|\||&&|%%|->>|->|.)
"""
_ANSI = r"""
    (?P<SPACE>\s+|--[^\n]*)
    |(?P<COMMENT>/\*)
    |(?P<STRING>[eE]'(?:[^'\\]++|\\.|'')*+'|(?:[bBxXnN]|[uU]&)?'(?:[^']++|'')*+')
    |(?P<DOLLAR>(?<![\w$])\$(?:[^\W\d]\w*)?\$)
    |(?P<NAME>(?:[uU]&)?"(?:[^"]++|"")*+")
"""
_SQLITE_NAMES = r"""|(?P<NAME2>`(?:[^`]++|``)*+`|\[[^\]]*\])"""
# A MySQL comment that starts with `!` is executed: only its frame is skipped.
_MYSQL = r"""
    (?P<SPACE>\s+|--(?=\s|\Z)[^\n]*|\#[^\n]*|/\*M?!\d*|\*/)
    |(?P<COMMENT>/\*)
    |(?P<STRING>(?:[nNbBxX]|_\w+\s*)?'(?:[^'\\]++|\\.|'')*+'|"(?:[^"\\]++|\\.|"")*+")
    |(?P<NAME>`(?:[^`]++|``)*+`)
"""
_FLAGS = re.VERBOSE | re.DOTALL
_PATTERNS = {
    "postgresql": re.compile(f"{_ANSI}|{_PARAMETER}{_COMMON}", _FLAGS),
    "sqlite": re.compile(f"{_ANSI}{_SQLITE_NAMES}|{_PARAMETER}{_COMMON}", _FLAGS),
    "mysql": re.compile(f"{_MYSQL}|{_PARAMETER}{_COMMON}", _FLAGS),
}
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_ROUTINES = frozenset({"TRIGGER", "FUNCTION", "PROCEDURE", "EVENT"})
_CLOSED_BY_THEIR_OWN_END = frozenset({"IF", "LOOP", "WHILE", "REPEAT"})


def tokens(text: str, dialect_name: str) -> Iterator[Token]:
    """Yield the tokens of a text without spaces and comments."""
    pattern = _PATTERNS.get(dialect_name, _PATTERNS["postgresql"])
    position = 0
    while match := pattern.match(text, position):
        group, start, position = match.lastgroup or "SYMBOL", match.start(), match.end()
        if group == "SPACE":
            continue
        if group == "COMMENT":
            position = _end_of_comment(text, position, nested=dialect_name == "postgresql")
        elif group == "DOLLAR":
            position = _end_of_dollar_quote(text, match[0], position)
            yield Token(
                Kind.STRING if position >= 0 else Kind.BROKEN,
                "",
                start,
                position if position >= 0 else len(text),
            )
            position = position if position >= 0 else len(text)
        else:
            yield _token(group, match[0], start, position)


def _token(group: str, found: str, start: int, end: int) -> Token:
    kind = Kind.NAME if group == "NAME2" else Kind[group]
    key = found.upper() if kind is Kind.WORD else found if kind is Kind.SYMBOL else ""
    return Token(kind, key, start, end)


def _end_of_comment(text: str, position: int, *, nested: bool) -> int:
    depth = 1
    for edge in _COMMENT_EDGE.finditer(text, position):
        if edge[0] == "*/":
            depth -= 1
        elif nested:
            depth += 1
        if depth == 0:
            return edge.end()
    return len(text)


def _end_of_dollar_quote(text: str, tag: str, position: int) -> int:
    end = text.find(tag, position)
    return -1 if end < 0 else end + len(tag)


def statements(text: str, dialect_name: str) -> Iterator[Statement]:
    """Split a text at the semicolons that end statements; those in the body of a trigger or routine do not."""
    gathered: list[Token] = []
    depth = 0
    for token in tokens(text, dialect_name):
        if token.key == ";" and depth <= 0:
            if gathered:
                yield Statement(text, tuple(gathered))
            gathered, depth = [], 0
            continue
        if token.key in ("BEGIN", "CASE", "END") or (gathered and gathered[-1].key == "END"):
            depth += _nesting(token, gathered)
        gathered.append(token)
    if gathered:
        yield Statement(text, tuple(gathered))


def _nesting(token: Token, before: list[Token]) -> int:
    """Return by how much a token opens or closes a block inside the body of a trigger or routine."""
    if not before or before[0].key != "CREATE" or not any(t.key in _ROUTINES for t in before[:12]):
        return 0
    after_end = before[-1].key == "END"
    if after_end and token.key in _CLOSED_BY_THEIR_OWN_END:
        return 1
    if token.key == "END":
        return -1
    return int(token.key in ("BEGIN", "CASE") and not after_end)
