from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.schema.lint.histories import found_in, graph

if TYPE_CHECKING:
    from app.schema.lint.rule import History

RULE = "non-linear-insert"


@pytest.mark.parametrize(
    "history",
    [
        graph("a", "new < a", "b < new", applied={"a", "b"}),
        graph("new", "a < new", applied={"a"}),
        graph("a", "new < a", "b < new", "c < b", applied={"a", "b", "c"}),
        graph("a", "b < a", "new < a", "m < b new", applied={"a", "b", "m"}),
    ],
)
def test_new_revision_below_an_applied_one_is_flagged(history: History) -> None:
    assert [finding.revision for finding in found_in(history, RULE)] == ["new"]


@pytest.mark.parametrize(
    "history",
    [
        graph("a", "b < a", "new < b", applied={"a", "b"}),
        graph("a", "b < a", "new < a", "m < b new", applied={"a", "b"}),
        graph("a", "new < a", "b < new"),
        graph("a", "new < a", applied=set()),
    ],
)
def test_new_revision_that_every_database_will_run_is_clean(history: History) -> None:
    assert not found_in(history, RULE)


def test_message_in_full() -> None:
    (finding,) = found_in(graph("a", "new < a", "b < new", applied={"a", "b"}), RULE)
    assert finding.message == (
        "The database already has b, which now builds on new: new counts as done there and is never run, while an "
        "empty database runs it, so the two schemas come to differ."
    )
    assert finding.instead == (
        'Put it on top: `down_revision = "b"` in new, and give b its old down_revision back.'
    )
