from __future__ import annotations

import pytest

from tests.schema.lint.histories import found_in, graph

RULE = "multiple-heads"


@pytest.mark.parametrize(
    ("lines", "labels"),
    [
        (["a", "b < a", "c < a"], {}),
        (["a", "b"], {}),
        (["a", "b < a", "c < a", "d < a"], {}),
        (["a", "b < a", "c < a"], {"b": {"blue"}}),
        (["a", "b < a", "c < a"], {"a": {"shared"}}),
    ],
)
def test_several_ends_are_flagged_once(lines: list[str], labels: dict[str, set[str]]) -> None:
    assert len(found_in(graph(*lines, labels=labels), RULE)) == 1


@pytest.mark.parametrize(
    ("lines", "labels"),
    [
        ([], {}),
        (["a", "b < a", "c < b"], {}),
        (["a", "b < a", "c < a", "d < b c"], {}),
        (["a", "b < a", "c < a"], {"b": {"blue"}, "c": {"green"}}),
        (["a", "b < a", "c", "d < c"], {"a": {"blue"}, "c": {"green"}}),
    ],
)
def test_one_end_or_named_branches_are_clean(lines: list[str], labels: dict[str, set[str]]) -> None:
    assert not found_in(graph(*lines, labels=labels), RULE)


def test_message_in_full() -> None:
    (finding,) = found_in(graph("a", "b < a", "c < a", applied={"a", "c"}), RULE)
    assert finding.revision == "b"
    assert finding.message == (
        "`flask db upgrade` stops before it changes anything: the history ends in 2 revisions, b, c, and it cannot "
        "know which one is meant."
    )
    assert finding.instead == (
        'If b has not been applied anywhere, let it build on the other: `down_revision = "c"`. Otherwise join them '
        "with `flask db merge heads`."
    )
