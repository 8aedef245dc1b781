"""Ledgers for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...core.ledger_report import DatabaseLog


def write(logs: Sequence[DatabaseLog], stream: TextIO) -> None:
    """Write one JSON object: each database with its entries, newest first."""
    json.dump({"databases": [it.as_dict() for it in logs]}, stream, indent=2, ensure_ascii=False)
    stream.write("\n")
