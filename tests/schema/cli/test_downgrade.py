from __future__ import annotations

import pytest

from tests.schema.conftest import Project, create


def test_downgrade_takes_one_step_by_default(project: Project) -> None:
    project.revision("aaa", upgrade=create("one"), downgrade='op.drop_table("one")')
    project.revision("bbb", "aaa", upgrade=create("two"), downgrade='op.drop_table("two")')
    project.flask("db", "upgrade")
    project.flask("db", "downgrade")
    assert project.version() == ["aaa"]
    assert "two" not in project.tables()
    assert "one" in project.tables()


@pytest.mark.parametrize("typed", [["-1"], ["--", "-1"], ["-1", "--tag", "t"], ["bbb-1"]])
def test_downgrade_takes_steps_as_one_types_them(sqlite_project: Project, typed: list[str]) -> None:
    sqlite_project.revision("aaa")
    sqlite_project.revision("bbb", "aaa")
    sqlite_project.flask("db", "upgrade")
    sqlite_project.flask("db", "downgrade", *typed)
    assert sqlite_project.version() == ["aaa"]


def test_downgrade_as_sql_needs_both_ends(sqlite_project: Project) -> None:
    sqlite_project.revision("aaa")
    sqlite_project.revision("bbb", "aaa")
    assert "SET version_num='aaa'" in sqlite_project.flask("db", "downgrade", "--sql").stdout
    result = sqlite_project.flask("db", "downgrade", "--sql", "aaa", ok=False)
    assert result.exit_code == 2
    assert "flask db downgrade --sql head:aaa" in result.stderr


def test_range_without_sql_is_refused(sqlite_project: Project) -> None:
    sqlite_project.revision("aaa")
    result = sqlite_project.flask("db", "upgrade", "aaa:bbb", ok=False)
    assert result.exit_code == 2
    assert "'aaa:bbb' is a range of revisions." in result.stderr
