from __future__ import annotations

from pathlib import Path

import pytest

from app.schema.lint.rule import DeletedRevision
from tests.schema.lint.histories import found_in, graph

RULE = "deleted-revision"


@pytest.mark.parametrize(
    "deleted",
    [
        DeletedRevision("gone"),
        DeletedRevision("gone", Path("versions/gone.py")),
        DeletedRevision("gone", None, "nil"),
    ],
)
def test_missing_file_is_flagged(deleted: DeletedRevision) -> None:
    assert len(found_in(graph("a", deleted=(deleted,)), RULE)) == 1


@pytest.mark.parametrize("deleted", [(), (DeletedRevision("gone", None, "a"),)])
def test_complete_or_squashed_history_is_clean(deleted: tuple[DeletedRevision, ...]) -> None:
    assert not found_in(graph("a", deleted=deleted), RULE)


def test_message_in_full() -> None:
    deleted = DeletedRevision("gone", Path("versions/gone.py"))
    (finding,) = found_in(graph("a", deleted=(deleted,), reference="main"), RULE)
    assert finding.message == (
        "gone is part of main and its file is gone: on a database that stands there, every `flask db` command fails "
        "with \"Can't locate revision identified by 'gone'\"."
    )
    assert finding.instead == (
        "Put the file back (`git checkout <commit> -- versions/gone.py`), and undo what it did in a new revision."
    )
