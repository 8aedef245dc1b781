from __future__ import annotations

import pytest

from app.schema.core.duration import lasting, seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("100ms", 0.1),
        ("5s", 5),
        ("5min", 300),
        (" 1.5 h ", 5400),
        ("0s", 0),
        ("5", None),
        ("5 minutes", 300),
        ("1 hour", 3600),
        ("30 sec", 30),
        ("200 milliseconds", 0.2),
        ("5 weeks", None),
        ("5m", None),
        ("", None),
        ("-5s", None),
    ],
)
def test_length_of_time_is_read(text: str, seconds: float | None) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 ms"),
        (0.35, "350 ms"),
        (12.4, "12 s"),
        (300, "5 min"),
        (61, "1 min 1 s"),
        (7800, "2 h 10 min"),
        (3600, "1 h"),
    ],
)
def test_length_of_time_is_written_in_the_unit_that_fits(seconds: float, text: str) -> None:
    assert lasting(seconds) == text
