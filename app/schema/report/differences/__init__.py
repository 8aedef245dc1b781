"""Comparisons of schemas → one output format for each file, as for judgements."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from ...core.schema_difference import Comparison


def formats() -> list[str]:
    """Return the names of the formats: the modules of this package."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def write(comparison: Comparison, format_name: str, stream: TextIO) -> None:
    """Write a comparison in a format to a stream."""
    import_module(f"{__name__}.{format_name}").write(comparison, stream)
