"""Whether a CHECK constraint proves that a column holds no NULL.

PostgreSQL then skips the scan of `SET NOT NULL`, if the constraint is validated (version 12 and later; measured on
PostgreSQL 15.20, also with further conditions joined by AND).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = re.compile(r"[A-Za-z_]\w*")
_WORDS = frozenset(
    ("and", "any", "array", "between", "in", "is", "length", "like", "lower", "not", "null", "or")
)
_PIECE = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|[()]|\w+|\s+|.", re.DOTALL)


def implies_not_null(expression: str | None, column: str) -> bool:
    """True if every row for which the expression is true or NULL has a value in the column."""
    if not expression:
        return False
    text = _unwrapped(expression)
    if re.search(r"\bcase\b", _without_strings(text), re.IGNORECASE):
        return False
    either = list(_split(text, "or"))
    if len(either) > 1:
        return all(implies_not_null(part, column) for part in either)
    parts = list(_split(text, "and"))
    if len(parts) > 1:
        return any(implies_not_null(part, column) for part in parts)
    return _is_not_null(text, column)


def _is_not_null(text: str, column: str) -> bool:
    match = re.fullmatch(r"(?:[\w\"]+\.)?(?P<name>\"[^\"]+\"|\w+)\s+is\s+not\s+null", text, re.IGNORECASE)
    if match is None:
        return False
    name = match["name"]
    return name.strip('"') == column if name.startswith('"') else name.lower() == column.lower()


def _without_strings(text: str) -> str:
    return re.sub(r"'(?:[^']|'')*'", "''", text)


def _unwrapped(expression: str) -> str:
    text = expression.strip()
    while text.startswith("(") and _closes_at_end(text):
        text = text[1:-1].strip()
    return text


def _closes_at_end(text: str) -> bool:
    depth = 0
    pieces = _PIECE.findall(text)
    for number, piece in enumerate(pieces):
        depth += (piece == "(") - (piece == ")")
        if depth == 0:
            return number == len(pieces) - 1
    return False


def _split(text: str, word: str) -> Iterator[str]:
    """Yield the parts between a word that stands outside parentheses and quotes."""
    depth, part = 0, ""
    for piece in _PIECE.findall(text):
        depth += (piece == "(") - (piece == ")")
        if depth == 0 and piece.lower() == word:
            yield part
            part = ""
        else:
            part += piece
    yield part


def only_not_null(expression: str | None) -> str | None:
    """Return the column of a CHECK that says `column IS NOT NULL` and nothing else."""
    match = re.fullmatch(r"\W*(\w+)\W*\s+is\s+not\s+null\W*", expression or "", re.IGNORECASE)
    return match[1] if match else None


def same_subject(old: str | None, new: str) -> bool:
    """True if two conditions name a column in common."""
    words = {word.lower() for word in _NAME.findall(_without_strings(old or ""))} - _WORDS
    return bool(words & {word.lower() for word in _NAME.findall(_without_strings(new))})
