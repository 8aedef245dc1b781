from __future__ import annotations

from tests.schema.conftest import Project


def test_merge_joins_all_heads_by_default(sqlite_project: Project) -> None:
    sqlite_project.revision("aaa")
    sqlite_project.revision("bbb", "aaa")
    sqlite_project.revision("ccc", "aaa")
    sqlite_project.flask("db", "merge", "--rev-id", "ddd")
    assert "_ddd_merge_" in next(sqlite_project.folder.glob("versions/*_ddd_*")).name
    assert sqlite_project.flask("db", "heads").stdout == "ddd (head)\n"
    result = sqlite_project.flask("db", "merge", "-m", "Join")
    assert result.stdout == "Nothing to merge: the history has one head.\n"


def test_merge_of_revisions_below_the_heads_needs_splice(sqlite_project: Project) -> None:
    sqlite_project.revision("aaa")
    sqlite_project.revision("bbb", "aaa")
    sqlite_project.revision("ccc", "aaa")
    sqlite_project.revision("ddd", "ccc")
    assert sqlite_project.flask("db", "merge", "bbb", "ccc", ok=False).exit_code != 0
    sqlite_project.flask("db", "merge", "--splice", "bbb", "ccc", "--rev-id", "eee")
    assert "eee (head)" in sqlite_project.flask("db", "heads").stdout
