"""Comparisons of files and databases → one output format for each file."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...core.ledger_report import Verification


def formats() -> list[str]:
    """Return the names of the formats: the modules of this package."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def write(found: Sequence[Verification], format_name: str, stream: TextIO) -> None:
    """Write comparisons in a format to a stream."""
    import_module(f"{__name__}.{format_name}").write(found, stream)
