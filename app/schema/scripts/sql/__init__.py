"""Raw SQL → operations (placeholder until the translator is in)."""

from __future__ import annotations

from typing import Any


def translate(sql: str, server: Any) -> tuple[Any, ...]:
    """Return nothing yet."""
    return ()
