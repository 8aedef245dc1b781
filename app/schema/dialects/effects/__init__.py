"""What each operation does to each table while it runs (placeholder until the tables of each engine are in)."""

from __future__ import annotations

from typing import Any


def effects_of(step: Any, state: Any, server: Any) -> tuple[Any, ...]:
    """Return nothing yet."""
    return ()
