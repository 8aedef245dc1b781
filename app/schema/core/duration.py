"""Lengths of time as a person writes and reads them."""

from __future__ import annotations

import re

_UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
# "5m" is not among them: for some it is minutes, and for others it lacks a letter.
_WORDS = {"millisecond": "ms", "sec": "s", "second": "s", "minute": "min", "hour": "h"}
_SPELLING = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[a-z]+)")


def seconds_of(text: str) -> float | None:
    """Return the seconds that "100ms", "5s", "5min", "1h" or "5 minutes" stand for; `None` for any other text.

    A number without a unit is none: PostgreSQL reads it as milliseconds, MariaDB as seconds.
    """
    match = _SPELLING.fullmatch(text.strip().lower())
    if match is None:
        return None
    name = match["unit"]
    unit = _UNITS.get(_WORDS.get(name.removesuffix("s"), name))
    return float(match["number"]) * unit if unit else None


def lasting(seconds: float) -> str:
    """Write a length of time in the largest unit that fits: "350 ms", "12 s", "5 min", "2 h 10 min"."""
    if seconds < 1:
        return f"{max(round(seconds * 1000), 0)} ms"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
