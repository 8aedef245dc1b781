from __future__ import annotations

import pytest

from app.schema.core.timeouts import milliseconds


@pytest.mark.parametrize(
    ("written", "length"),
    [("5s", 5_000), ("'2min'", 120_000), ("500", 500), ("1.5 h", 5_400_000), ("0", 0), ("250us", 0.25)],
)
def test_duration_is_read_in_every_unit(written: str, length: float) -> None:
    assert milliseconds(written) == length


@pytest.mark.parametrize("written", [None, "", "soon", "5 parsecs", "-1"])
def test_what_is_no_duration_is_not_guessed(written: str | None) -> None:
    assert milliseconds(written) is None
