"""Which timeout a revision has set, and how long it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .ops import SettingOp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .recorded import RecordedOp

LONG_ENOUGH = 600_000
"""Milliseconds: a concurrent statement that waits that long has met a transaction which somebody forgot."""

_UNITS = {"us": 0.001, "ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
_DURATION = re.compile(r"^\s*'?\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[a-z]*)\s*'?\s*$", re.IGNORECASE)


def milliseconds(value: str | None) -> float | None:
    """Return how long a PostgreSQL timeout such as `5s`, `'2min'` or `500` is, None if that cannot be said.

    A bare number counts milliseconds, and 0 means no limit (PostgreSQL manual, "Client Connection Defaults").
    """
    match = _DURATION.match(value or "")
    unit = _UNITS.get((match["unit"] or "ms").lower()) if match else None
    return float(match["number"]) * unit if match and unit is not None else None


def in_force(name: str, step: RecordedOp, earlier: Sequence[RecordedOp]) -> RecordedOp | None:
    """Return the statement of the revision whose setting holds when `step` runs, None if the revision set nothing.

    `SET` lasts until the session ends or it is set again, `SET LOCAL` until the transaction ends.
    """
    for other in reversed(earlier):
        op = other.op
        if not isinstance(op, SettingOp) or op.name not in (name, "all"):
            continue
        if op.scope == "transaction" and (other.transaction != step.transaction or step.autocommit):
            continue
        return other if op.value is not None else None
    return None


@dataclass(frozen=True)
class Limit:
    """A timeout that the revision has set: how long it is, how it is written, and in which line."""

    milliseconds: float
    written: str
    line: int


def limit_in_force(name: str, step: RecordedOp, earlier: Sequence[RecordedOp]) -> Limit | None:
    """Return the limit that holds when `step` runs; None if the revision set none, or set it to 0, which is none."""
    setting = in_force(name, step, earlier)
    if setting is None:
        return None
    written = setting.as_(SettingOp).value
    length = milliseconds(written)
    return Limit(length, (written or "").strip("' "), setting.line) if length else None
