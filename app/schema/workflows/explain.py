"""From any exception to the `SchemaError` that says what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.errors import SchemaError

if TYPE_CHECKING:
    from .target import Target


def explain(error: BaseException, target: Target | None) -> SchemaError:
    """Classify an exception."""
    if isinstance(error, SchemaError):
        return error
    return SchemaError(f"{error}")
