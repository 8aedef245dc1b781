"""Judgements → one output format for each file. `write(judgement, stream)` is all that a format offers.

Imports `core` only; writes to the stream that it is given, nowhere else.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from ..core.judgement import Judgement


def formats() -> list[str]:
    """Return the names of the formats: the modules of this package."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.ispkg)


def write(judgement: Judgement, format_name: str, stream: TextIO) -> None:
    """Write a judgement in a format to a stream."""
    import_module(f"{__name__}.{format_name}").write(judgement, stream)
