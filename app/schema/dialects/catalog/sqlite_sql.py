"""What only the text of a SQLite statement says: names of constraints, checks, collations, deferral, AUTOINCREMENT.

SQLite keeps each statement as it was typed, and rewrites it when a table or column is renamed or added. So two texts
may say the same: `normal` brings them into one form.
Source: https://sqlite.org/lang_createtable.html and https://sqlite.org/lang_altertable.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?P<skip> \s+ | --[^\n]* | /\*.*?\*/ )
    | (?P<string> [xX]?'(?:[^']|'')*' )
    | (?P<quoted> "(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\] )
    | (?P<word> [^\W\d][\w$]* )
    | (?P<number> \d+(?:\.\d*)?(?:[eE][+-]?\d+)? | \.\d+ )
    | (?P<sign> <> | != | <= | >= | == | \|\| | << | >> | ->>? | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_BEFORE_BRACKET = (
    "and",
    "or",
    "not",
    "in",
    "as",
    "between",
    "when",
    "then",
    "else",
    "where",
    "on",
    "values",
    "check",
)
_TABLE_ITEMS = ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN")


class Token(NamedTuple):
    """One token; `text` is without the quotes of a quoted name, `kind` says what it was."""

    kind: str
    text: str

    @property
    def word(self) -> str:
        """The keyword, in upper case; "" for anything that is none."""
        return self.text.upper() if self.kind == "word" else ""


Tokens = list[Token]


@dataclass
class Declared:
    """A constraint as it is written."""

    kind: str
    name: str | None
    columns: tuple[str, ...] = ()
    condition: str | None = None
    references: str | None = None
    deferrable: str | None = None


@dataclass
class DeclaredTable:
    """What a `CREATE TABLE` says beyond what the pragmas tell.

    :param collations: by column. :param generated: expressions, by column.
    """

    constraints: list[Declared] = field(default_factory=list)
    collations: dict[str, str] = field(default_factory=dict)
    generated: dict[str, str] = field(default_factory=dict)
    autoincrement: str | None = None
    options: str = ""


def tokens(sql: str) -> Tokens:
    """Split a statement, without space and comments."""
    return [
        Token(str(match.lastgroup), _unquoted(str(match.lastgroup), match[0]))
        for match in _TOKEN.finditer(sql)
        if match.lastgroup != "skip"
    ]


def _unquoted(kind: str, text: str) -> str:
    if kind != "quoted":
        return text
    return text[1:-1] if text[0] == "[" else text[1:-1].replace(text[0] * 2, text[0])


def normal(parts: Tokens) -> str:
    """Write tokens in one form: names without quotes, words in lower case, no needless brackets around the whole."""
    while _bracketed(parts):
        parts = parts[1:-1]
    written = ""
    for number, token in enumerate(parts):
        text = token.text if token.kind == "string" else token.text.lower()
        before = parts[number - 1] if number else None
        written += f" {text}" if before is not None and _apart(before, token) else text
    return written


def _bracketed(parts: Tokens) -> bool:
    return len(parts) > 1 and parts[0].text == "(" and _closing(parts, 0) == len(parts) - 1


def _apart(before: Token, token: Token) -> bool:
    if before.text in ("(", ".") or token.text in (")", ",", "."):
        return False
    return token.text != "(" or before.kind == "sign" or before.text.lower() in _BEFORE_BRACKET


def _closing(parts: Tokens, opening: int) -> int:
    """Index of the bracket that closes the one at `opening`."""
    depth = 0
    for number in range(opening, len(parts)):
        depth += _depth(parts[number])
        if depth == 0:
            return number
    return len(parts) - 1


def _depth(token: Token) -> int:
    return {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "sign" else 0


def split(parts: Tokens) -> list[Tokens]:
    """Split at the commas outside of brackets."""
    items: list[Tokens] = [[]]
    depth = 0
    for token in parts:
        depth += _depth(token)
        if token.text == "," and token.kind == "sign" and depth == 0:
            items.append([])
        else:
            items[-1].append(token)
    return items


def bracket(parts: Tokens, start: int = 0) -> tuple[Tokens, Tokens]:
    """What stands in the first pair of brackets from `start` on, and what follows it."""
    opening = next((n for n in range(start, len(parts)) if parts[n] == Token("sign", "(")), None)
    if opening is None:
        return [], []
    closing = _closing(parts, opening)
    return parts[opening + 1 : closing], parts[closing + 1 :]


def declared(sql: str) -> DeclaredTable:
    """Read a `CREATE TABLE`."""
    body, rest = bracket(tokens(sql))
    table = DeclaredTable(options=normal(rest))
    for item in split(body):
        if item and item[0].word in _TABLE_ITEMS:
            _read(table, item, None)
        elif item:
            _read(table, item[1:], item[0].text)
    return table


def _read(table: DeclaredTable, parts: Tokens, column: str | None) -> None:
    """Read what follows a column's name, or a constraint of the table."""
    name: str | None = None
    number = 0
    while number < len(parts):
        word = parts[number].word
        if word == "CONSTRAINT":
            name, number = parts[number + 1].text, number + 2
            continue
        if word in ("PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "REFERENCES"):
            number = _constraint(table, parts, number, name, column)
            name = None
            continue
        if column is not None:
            number = _property(table, parts, number, column)
        number += 1


def _constraint(
    table: DeclaredTable, parts: Tokens, number: int, name: str | None, column: str | None
) -> int:
    """Read one constraint and return where the next word stands."""
    word = parts[number].word
    end = number + (2 if word in ("PRIMARY", "FOREIGN") else 1)
    columns: tuple[str, ...] = () if column is None else (column,)
    inside: Tokens = []
    if word == "CHECK" or (column is None and word != "REFERENCES"):
        inside, _ = bracket(parts, end)
        end = _closing(parts, end) + 1
    if word == "CHECK":
        table.constraints.append(Declared("check", name, (), normal(inside)))
        return end
    columns = columns or tuple(item[0].text for item in split(inside) if item)
    if word in ("FOREIGN", "REFERENCES"):
        return _reference(
            table, parts, end if word == "FOREIGN" else number, Declared("foreign key", name, columns)
        )
    table.constraints.append(
        Declared("primary key" if word == "PRIMARY" else "unique constraint", name, columns)
    )
    if word == "PRIMARY" and any(token.word == "AUTOINCREMENT" for token in parts[number:]):
        table.autoincrement = columns[0]
    return end


def _reference(table: DeclaredTable, parts: Tokens, number: int, found: Declared) -> int:
    """Read from the word REFERENCES on."""
    found.references = parts[number + 1].text
    number += 2
    if number < len(parts) and parts[number].text == "(":
        number = _closing(parts, number) + 1
    words = [token.word for token in parts[number:]]
    end = next(
        (n for n, word in enumerate(words) if word in ("CONSTRAINT", *_TABLE_ITEMS, "REFERENCES")), len(words)
    )
    clause = " ".join(words[:end])
    if "NOT DEFERRABLE" not in clause and "DEFERRABLE" in clause:
        deferred = "INITIALLY DEFERRED" in clause
        found.deferrable = "DEFERRABLE INITIALLY DEFERRED" if deferred else "DEFERRABLE"
    table.constraints.append(found)
    return number + end


def _property(table: DeclaredTable, parts: Tokens, number: int, column: str) -> int:
    """Read what is no constraint; return where it ends."""
    word = parts[number].word
    if word == "COLLATE":
        table.collations[column] = parts[number + 1].text.upper()
        return number + 1
    if word == "DEFAULT":
        return _closing(parts, number + 1) if parts[number + 1].text == "(" else number + 1
    if word == "AS":
        table.generated[column] = normal(bracket(parts, number)[0])
        return _closing(parts, number + 1)
    return number
