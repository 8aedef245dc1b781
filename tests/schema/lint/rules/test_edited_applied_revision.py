from __future__ import annotations

import pytest

from app.schema.core.finding import Severity
from app.schema.lint.rule import EditedRevision
from tests.schema.lint.histories import found_in, graph

RULE = "edited-applied-revision"


@pytest.mark.parametrize(
    ("differs", "severity"),
    [
        ("operations", Severity.ERROR),
        ("parents", Severity.ERROR),
        ("downgrade", Severity.WARNING),
        ("unknown", Severity.WARNING),
    ],
)
def test_edit_that_changes_what_is_done_is_flagged(differs: str, severity: Severity) -> None:
    (finding,) = found_in(graph("a", applied={"a"}, edited=(EditedRevision("a", differs),)), RULE)
    assert finding.severity is severity


@pytest.mark.parametrize("edits", [(), (EditedRevision("a", "text"),), (EditedRevision("a", "code"),)])
def test_edit_that_does_the_same_is_clean(edits: tuple[EditedRevision, ...]) -> None:
    assert not found_in(graph("a", applied={"a"}, edited=edits), RULE)


def test_message_in_full() -> None:
    edited = EditedRevision("a", "operations", details="name was VARCHAR(50), is VARCHAR(80)")
    (finding,) = found_in(graph("a", applied={"a"}, edited=(edited,), reference="main"), RULE)
    assert finding.message == (
        "a is part of main and has been edited since (name was VARCHAR(50), is VARCHAR(80)): databases that have run "
        "it keep the schema of the old text, new ones get another."
    )
    assert finding.instead == (
        "Give the file its old text back, and write the change as a new revision: `flask db revision -m …`."
    )
    assert finding.path == "versions/a.py"
