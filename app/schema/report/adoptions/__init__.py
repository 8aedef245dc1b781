"""Proposals to adopt a database → one output format for each file."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from ...core.adoption import Adoption


def formats() -> list[str]:
    """Return the names of the formats: the modules of this package."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def write(adoption: Adoption, format_name: str, stream: TextIO) -> None:
    """Write a proposal in a format to a stream."""
    import_module(f"{__name__}.{format_name}").write(adoption, stream)
