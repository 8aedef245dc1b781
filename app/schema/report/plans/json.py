"""A plan for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from ...core.plan import Plan


def write(plan: Plan, stream: TextIO) -> None:
    """Write the plan as one JSON object."""
    json.dump(plan.as_dict(), stream, indent=2, ensure_ascii=False)
    stream.write("\n")
