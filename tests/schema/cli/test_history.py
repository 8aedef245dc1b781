from __future__ import annotations

import pytest

from tests.schema.conftest import Project


@pytest.mark.parametrize("wrong", ["aaa", "a:b:c"])
def test_range_that_is_none_is_refused(sqlite_project: Project, wrong: str) -> None:
    sqlite_project.revision("aaa")
    result = sqlite_project.flask("db", "history", "-r", wrong, ok=False)
    assert result.exit_code == 2
    assert f"'{wrong}' is no range of revisions." in result.stderr


def test_current_revision_is_marked_and_may_end_a_range(project: Project) -> None:
    project.revision("aaa", message="One")
    project.revision("bbb", "aaa", message="Two")
    project.flask("db", "upgrade", "aaa")
    assert project.flask("db", "history", "-i").stdout.splitlines() == [
        "aaa -> bbb (head), Two",
        "<base> -> aaa (current), One",
    ]
    assert project.flask("db", "history", "-r", ":current").stdout == "<base> -> aaa, One\n"
