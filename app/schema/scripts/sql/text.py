"""Pieces of SQL as SQLAlchemy values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import TextClause

_LOOKS_LIKE_A_PARAMETER = re.compile(r"(?<![:\w\\]):(?=\w)")


def literal_text(sql: str) -> TextClause:
    """Return SQL as a text clause; a colon in it, as in `'a:b'`, must not become a bound parameter."""
    return text(_LOOKS_LIKE_A_PARAMETER.sub(r"\\:", sql))


def unwrapped(sql: str) -> str:
    """Return an expression without the one pair of parentheses that encloses it all."""
    inner = sql.strip()
    if not (inner.startswith("(") and inner.endswith(")")):
        return inner
    depth = 0
    for place, character in enumerate(inner):
        depth += (character == "(") - (character == ")")
        if depth == 0 and place < len(inner) - 1:
            return inner
    return inner[1:-1].strip()
