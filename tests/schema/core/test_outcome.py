from __future__ import annotations

import pytest

from app.schema.core.outcome import Outcome, Verdict, together

DONE, NOT_DONE, REPEATABLE, BROKEN, RUNNING, UNKNOWN = Outcome


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([DONE, DONE], DONE),
        ([NOT_DONE, NOT_DONE], NOT_DONE),
        ([DONE, NOT_DONE], UNKNOWN),
        ([DONE, REPEATABLE], DONE),
        ([NOT_DONE, REPEATABLE], NOT_DONE),
        ([REPEATABLE], REPEATABLE),
        ([DONE, BROKEN], BROKEN),
        ([DONE, UNKNOWN], UNKNOWN),
        ([BROKEN, UNKNOWN], UNKNOWN),
        ([BROKEN, RUNNING], RUNNING),
    ],
)
def test_parts_of_a_statement_are_done_together_or_nothing_is_known(
    parts: list[Outcome], whole: Outcome
) -> None:
    found = together([Verdict(part, f"{part.value} {number}.") for number, part in enumerate(parts)])

    assert found.outcome is whole
    assert all(f"{part.value} {number}." in found.explanation for number, part in enumerate(parts))


def test_cleanup_is_that_of_all_broken_parts() -> None:
    found = together([Verdict(BROKEN, "One.", ("a", "b")), Verdict(BROKEN, "Two.", ("b", "c"))])

    assert found.cleanup == ("a", "b", "c")


def test_nothing_is_cleaned_up_under_a_session_that_works_on() -> None:
    assert together([Verdict(BROKEN, "One.", ("a",)), Verdict(RUNNING, "Two.")]).cleanup == ()
