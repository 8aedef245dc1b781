"""SQLite's SQL, cut into tokens that give the same text again when they are put together.

Source: https://sqlite.org/lang_keywords.html for the four ways to quote, https://sqlite.org/lang_comment.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_TOKEN = re.compile(
    r"""
      (?P<space>\s+|--[^\n]*\n?|/\*.*?(?:\*/|\Z))
    | (?P<string>'(?:[^']|'')*')
    | (?P<blob>[xX]'[^']*')
    | (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])
    | (?P<number>0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<word>[A-Za-z_\x80-\U0010ffff][\w$\x80-\U0010ffff]*)
    | (?P<symbol>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """A piece of SQL.

    :param kind: `space` (comments too), `string`, `blob`, `quoted` (a name), `number`, `word` (a bare name or a
        keyword) or `symbol` (one character).
    """

    kind: str
    text: str

    @property
    def name(self) -> str:
        """The name that a token stands for, without quotes; SQLite takes a string for one where it wants a name."""
        if self.kind not in ("quoted", "string"):
            return self.text
        mark = self.text[-1]
        return self.text[1:-1].replace(mark * 2, mark)

    @property
    def keyword(self) -> str:
        """The keyword in capitals, or "" for a token that cannot be one."""
        return self.text.upper() if self.kind == "word" else ""


def tokens_of(sql: str) -> list[Token]:
    """Cut SQL into tokens. What SQLite has stored as valid can be cut; anything else gives `symbol` tokens."""
    matches = _TOKEN.finditer(sql.replace("\r\n", "\n"))
    return [Token("word" if m.lastgroup is None else m.lastgroup, m.group()) for m in matches]


def text_of(tokens: Iterable[Token]) -> str:
    """Put tokens together again."""
    return "".join(token.text for token in tokens)


def key(name: str) -> str:
    """How SQLite compares names: without regard to the case of ASCII letters."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in name)


def quoted(name: str) -> str:
    """Write a name so that it is nothing but a name."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """Write a text as SQL."""
    return "'" + value.replace("'", "''") + "'"


def normalized(sql: str) -> tuple[str, ...]:
    """What a statement says: no spaces, no comments, no quotes around names, keywords and names in small letters."""
    kept = (token for token in tokens_of(sql) if token.kind != "space")
    return tuple(t.text if t.kind in ("string", "blob") else key(t.name) for t in kept)


def names_in(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield, as keys, the names in an expression that may be columns: no functions, no collations."""
    significant = [token for token in tokens if token.kind != "space"]
    for place, token in enumerate(significant):
        following = significant[place + 1].text if place + 1 < len(significant) else ""
        before = significant[place - 1].keyword if place else ""
        if token.kind in ("word", "quoted") and following != "(" and before != "COLLATE":
            yield key(token.name)
