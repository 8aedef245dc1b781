from __future__ import annotations

from tests.schema.conftest import Project


def test_stamp_takes_several_revisions(project: Project) -> None:
    project.revision("aaa")
    project.revision("bbb", "aaa")
    project.revision("ccc", "aaa")
    project.flask("db", "stamp", "bbb", "ccc")
    assert sorted(project.version()) == ["bbb", "ccc"]


def test_stamp_purge_forgets_a_revision_that_nobody_knows(project: Project) -> None:
    path = project.revision("aaa")
    project.flask("db", "upgrade")
    path.unlink()
    project.revision("bbb")
    assert project.flask("db", "stamp", "head", ok=False).exit_code == 4
    project.flask("db", "stamp", "--purge", "head")
    assert project.version() == ["bbb"]


def test_stamp_can_be_written_as_sql(project: Project) -> None:
    project.revision("aaa")
    project.revision("bbb", "aaa")
    result = project.flask("db", "stamp", "--sql", "aaa:bbb")
    assert "SET version_num='bbb'" in result.stdout
    result = project.flask("db", "stamp", "--sql", "aaa:bbb", "bbb:aaa", ok=False)
    assert result.exit_code == 2
