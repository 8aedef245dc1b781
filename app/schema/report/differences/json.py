"""A comparison of two schemas for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

    from ...core.schema_difference import Comparison


def write(comparison: Comparison, stream: TextIO) -> None:
    """Write `{"differences": […], "strangers": […]}`."""
    json.dump(comparison.as_dict(), stream, indent=2, ensure_ascii=False)
    stream.write("\n")
