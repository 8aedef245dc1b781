"""What a ledger says by now."""

from __future__ import annotations

from app.schema.core.entry import Entry, Kind, Page, Result, standing


def entry(revision: str, direction: str = "upgrade", **fields: object) -> Entry:
    given: dict[str, object] = {
        "kind": Kind.UPGRADE,
        "result": Result.DONE,
        "id": revision,
        "attempt": revision,
    }
    return Entry(Page(revision), direction, **{**given, **fields})  # type: ignore[arg-type]


def test_revision_that_was_taken_back_is_not_applied() -> None:
    found = standing(
        [
            entry("aaa", heads=("aaa",)),
            entry("bbb", heads=("bbb",)),
            entry("bbb", "downgrade", heads=("aaa",)),
        ]
    )
    assert list(found.applied) == ["aaa"]
    assert found.heads == ("aaa",)


def test_revision_that_was_applied_again_comes_last() -> None:
    taken_back = entry("aaa", "downgrade")
    found = standing([entry("aaa"), entry("bbb"), taken_back, entry("aaa")])
    assert list(found.applied) == ["bbb", "aaa"]


def test_repair_describes_anew_and_leaves_the_rest() -> None:
    first = entry("aaa", heads=("aaa",))
    repair = Entry(Page("aaa", source_digest="new"), "upgrade", Kind.REPAIR, Result.DONE, id="r", attempt="r")
    found = standing([first, entry("bbb", heads=("bbb",)), repair])
    assert list(found.applied) == ["aaa", "bbb"]
    assert found.applied["aaa"].entry is first
    assert found.applied["aaa"].page.source_digest == "new"
    assert found.heads == ("bbb",)


def test_attempt_without_an_end_is_open_until_the_next_one() -> None:
    begun = entry("aaa", result=Result.STARTED)
    assert standing([begun]).open == {"aaa": begun}
    failed = entry("aaa", result=Result.FAILED)
    assert standing([begun, failed]).open == {}
    assert standing([begun, failed]).failed == {"aaa": failed}
    assert standing([begun, failed, begun, entry("aaa")]).failed == {}
    assert standing([begun, failed]).applied == {}
