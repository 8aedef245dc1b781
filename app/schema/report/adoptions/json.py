"""A proposal for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

    from ...core.adoption import Adoption


def write(adoption: Adoption, stream: TextIO) -> None:
    """Write the proposal as one JSON object."""
    json.dump(adoption.as_dict(), stream, indent=2, ensure_ascii=False)
    stream.write("\n")
