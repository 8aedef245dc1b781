from __future__ import annotations

import pytest

from app.schema.core.enum_change import Values, enum_bytes, set_bytes


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [("ab", "abc", False), ("ab", "cab", True), ("ab", "ba", True), ("ab", "a", False), ("ab", "ab", False)],
)
def test_values_move_when_they_get_other_numbers(before: str, after: str, moved: bool) -> None:
    assert Values(tuple(before), tuple(after)).moved is moved


def test_appended_values_keep_the_old_order() -> None:
    assert Values(("a", "b"), ("c", "b", "a")).appended == ("a", "b", "c")


@pytest.mark.parametrize(("values", "size"), [(8, 1), (9, 2), (17, 3), (25, 4), (33, 8), (64, 8)])
def test_bytes_of_a_set(values: int, size: int) -> None:
    assert set_bytes(values) == size


def test_bytes_of_an_enum() -> None:
    assert (enum_bytes(255), enum_bytes(256)) == (1, 2)
