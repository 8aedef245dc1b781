"""Statements as they may be shown: their literals, which can hold anybody's data, are a question mark."""

from __future__ import annotations

import re

from .wording import shortened

# A statement that the server has cut off may end inside a literal or a comment: each of them ends at the end, too.
_COMMENT = r"--[^\n]*|/\*.*?(?:\*/|\Z)"
_NUMBER = r"(?<![\w$.])(?:0x[0-9a-f]+|\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+)(?!\w)"
_ESCAPED = r"'(?:[^'\\]|''|\\.)*(?:'|\\?\Z)"
_PLAIN = r"(?:\b(?:B|X|N|U&))?'(?:[^']|'')*(?:'|\Z)"
_DOLLAR = r"(?<![\w$])\$(?P<tag>(?:[A-Z_]\w*)?)\$.*?(?:\$(?P=tag)\$|\Z)"
_IN_DOUBLE_QUOTES = r"\"(?:[^\"]|\"\")*(?:\"|\Z)"
_STRING_IN_DOUBLE_QUOTES = r"\"(?:[^\"\\]|\"\"|\\.)*(?:\"|\\?\Z)"
_IN_BACKTICKS = r"`[^`]*(?:`|\Z)"


def masked(statement: str, *, shorten: bool = True, mysql: bool = False) -> str:
    """Return a statement with strings, numbers and dollar quotes as `?`, and without comments.

    :param shorten: put it on one line and cut it where it is long.
    :param mysql: whether it is one of MySQL or MariaDB, where `"…"` is a string, a backslash takes the quote after it
        in, and `#` begins a comment.
    """
    text = (_OF_MYSQL if mysql else _STANDARD).sub(_replaced, statement)
    return shortened(text) if shorten else text.strip()


def _compiled(comment: str, literals: tuple[str, ...], names: tuple[str, ...]) -> re.Pattern[str]:
    kinds = {"comment": comment, "literal": "|".join(literals), "name": "|".join(names)}
    parts = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds.items())
    return re.compile(parts, re.IGNORECASE | re.DOTALL)


_STANDARD = _compiled(
    _COMMENT, (rf"\bE{_ESCAPED}", _PLAIN, _DOLLAR, _NUMBER), (_IN_DOUBLE_QUOTES, _IN_BACKTICKS)
)
_OF_MYSQL = _compiled(
    rf"{_COMMENT}|\#[^\n]*",
    (rf"(?:\b(?:B|X|N|_\w+))?{_ESCAPED}", _STRING_IN_DOUBLE_QUOTES, _NUMBER),
    (_IN_BACKTICKS,),
)


def _replaced(match: re.Match[str]) -> str:
    if match["comment"] is not None:
        return " "
    return match[0] if match["name"] is not None else "?"
