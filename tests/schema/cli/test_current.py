from __future__ import annotations

from tests.schema.conftest import Project


def test_check_heads_fails_until_all_heads_are_there(project: Project) -> None:
    project.revision("aaa")
    project.revision("bbb", "aaa")
    project.flask("db", "upgrade", "aaa")
    result = project.flask("db", "current", "--check-heads", ok=False)
    assert result.exit_code == 1
    assert "stands at revision 'aaa'. The head is 'bbb'." in result.stderr
    project.flask("db", "upgrade")
    assert project.flask("db", "current", "--check-heads").stdout == "bbb (head)\n"


def test_current_changes_nothing(project: Project) -> None:
    project.revision("aaa")
    project.flask("db", "current")
    assert project.tables() == set()
