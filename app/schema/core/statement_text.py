"""The text of SQL statements with all that is no keyword taken out, fast enough to run before each statement.

One regular expression skips comments, empties literals and, where asked, hides quoted names. `scripts.sql` reads a
statement in full; this does not parse.
"""

from __future__ import annotations

import re

# Comments nest in PostgreSQL (manual, "Comments"); three levels are followed.
_INNER = r"/\*(?:[^*/]|\*(?!/)|/(?!\*))*\*/"
_MIDDLE = rf"/\*(?:[^*/]|\*(?!/)|/(?!\*)|{_INNER})*\*/"
_NESTED = rf"/\*(?:[^*/]|\*(?!/)|/(?!\*)|{_MIDDLE})*\*/"
_DOLLAR = r"(?<![\w$])\$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$"
_STRING = r"\b[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'"
_FLAGS = re.DOTALL
# group 1: comments, group 2: literals, group 3: quoted names.
_PATTERNS = {
    "postgresql": re.compile(rf'(--[^\n]*|{_NESTED})|({_STRING}|{_DOLLAR})|("(?:[^"]|"")*")', _FLAGS),
    "sqlite": re.compile(
        r"(--[^\n]*|/\*.*?\*/)|('(?:[^']|'')*')|(\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\[[^\]]*\])", _FLAGS
    ),
    # What stands in `/*! … */` is run: only the frame goes.
    "mysql": re.compile(
        r"(--(?=\s|\Z)[^\n]*|\#[^\n]*|/\*M?!\d*|/\*(?!M?!).*?\*/|\*/)"
        r"|('(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\")|(`(?:[^`]|``)*`)",
        _FLAGS,
    ),
}
_LEADING = {
    "postgresql": re.compile(rf"(?:[\s(;]|--[^\n]*(?:\n|\Z)|{_NESTED})*"),
    "sqlite": re.compile(r"(?:[\s(;]|--[^\n]*(?:\n|\Z)|/\*(?:[^*]|\*(?!/))*\*/)*"),
    "mysql": re.compile(
        r"(?:[\s(;]|--(?=\s|\Z)[^\n]*(?:\n|\Z)|\#[^\n]*(?:\n|\Z)|/\*M?!\d*|/\*(?!M?!)(?:[^*]|\*(?!/))*\*/)*"
    ),
}
_WORD = re.compile(r"[A-Za-z_]+")
_BODY = re.compile(
    r"CREATE\b(?:\s+(?!TABLE\b|INDEX\b|VIEW\b)\S+){0,9}?\s+(?:TRIGGER|PROCEDURE|FUNCTION|EVENT|PACKAGE)\b"
    r"|BEGIN\s+NOT\s+ATOMIC\b",
    re.IGNORECASE,
)
_SPACES = re.compile(r"\s+")


def dialect_of(engine: str) -> str:
    """Return the name of the dialect whose quoting holds for an engine or dialect: MariaDB is `mysql`."""
    name = "mysql" if engine == "mariadb" else engine
    return name if name in _PATTERNS else "postgresql"


def first_word(sql: str, dialect_name: str) -> str:
    """Return the first word in capitals, after comments and opening parentheses; `""` if there is none."""
    start = _LEADING[dialect_name].match(sql)
    word = _WORD.match(sql, start.end() if start else 0)
    return word[0].upper() if word else ""


def cleaned(sql: str, dialect_name: str, *, names: bool) -> str:
    """Return a text without comments, with empty literals and single spaces.

    :param names: keep quoted names; otherwise each is `"n"`, so that no word in it is taken for a keyword.
    """

    def put(match: re.Match[str]) -> str:
        if match[1] is not None:
            return " "
        return "''" if match[2] is not None else (match[0] if names else '"n"')

    return _SPACES.sub(" ", _PATTERNS[dialect_name].sub(put, sql)).strip(" ;")


def heads(sql: str, dialect_name: str, *, names: bool = False) -> tuple[str, ...]:
    """Return the cleaned statements of a text; the body of a trigger or routine stays in one piece.

    With `names`, a semicolon in a quoted name cuts it: only for statements that are known to be single.
    """
    text = cleaned(sql, dialect_name, names=names)
    if ";" not in text or names:
        return (text,) if text else ()
    found: list[str] = []
    position = 0
    while position < len(text):
        piece = text[position:].lstrip(" (")
        end = -1 if _BODY.match(piece) else text.find(";", position)
        end = len(text) if end < 0 else end
        if part := text[position:end].strip():
            found.append(part)
        position = end + 1
    return tuple(found)


def split_commas(text: str) -> list[str]:
    """Split at the commas that stand outside of parentheses."""
    parts, depth, start = [], 0, 0
    for place, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append(text[start:place].strip())
            start = place + 1
    return [*parts, text[start:].strip()]
