from __future__ import annotations

import re
from pathlib import Path

import flask_migrate
import pytest

from tests.schema.conftest import Project


def test_file_name_is_the_moment_the_id_and_the_message(sqlite_project: Project) -> None:
    sqlite_project.flask("db", "revision", "-m", "Add a nickname", "--rev-id", "abc")
    (path,) = (sqlite_project.folder / "versions").glob("*.py")
    assert re.fullmatch(r"\d{14}_abc_add_a_nickname\.py", path.name)
    assert "Create Date: 20" in path.read_text()
    assert "+00:00" in path.read_text()


def test_file_without_a_message_is_named_after_moment_and_id(sqlite_project: Project) -> None:
    sqlite_project.flask("db", "revision", "--rev-id", "abc")
    (path,) = (sqlite_project.folder / "versions").glob("*.py")
    assert re.fullmatch(r"\d{14}_abc\.py", path.name)


def test_setting_of_the_project_for_file_names_wins(sqlite_project: Project) -> None:
    ini = sqlite_project.folder / "alembic.ini"
    ini.write_text(ini.read_text().replace("# file_template", "file_template"))
    sqlite_project.flask("db", "revision", "-m", "Add a nickname", "--rev-id", "abc")
    assert [path.name for path in (sqlite_project.folder / "versions").glob("*.py")] == [
        "abc_add_a_nickname.py"
    ]


def test_depends_on_is_written(sqlite_project: Project) -> None:
    sqlite_project.revision("aaa")
    arguments = ["--head", "base", "--branch-label", "other", "--rev-id", "bbb", "--depends-on", "aaa"]
    sqlite_project.flask("db", "revision", *arguments)
    (path,) = (sqlite_project.folder / "versions").glob("*_bbb.py")
    text = path.read_text()
    assert "depends_on = 'aaa'" in text
    assert "branch_labels = ('other',)" in text


@pytest.mark.parametrize("template", ["ours", "of Flask-Migrate"])
@pytest.mark.parametrize(
    "message",
    [
        'three """ quotes',
        "a backslash \\",
        'ends in "',
        "100% %s",
        "two\nlines",
        "x" * 500,
        "🎉 \N{SNOWMAN}",
        "\\x",
        "\a",
    ],
)
def test_any_message_arrives_whole(sqlite_project: Project, message: str, template: str) -> None:
    if template != "ours":
        theirs = Path(flask_migrate.__file__).parent / "templates" / "flask" / "script.py.mako"
        (sqlite_project.folder / "script.py.mako").write_text(theirs.read_text())
    sqlite_project.flask("db", "revision", "-m", message)
    (path,) = (sqlite_project.folder / "versions").glob("*.py")
    assert compile(path.read_text(), path.name, "exec").co_consts[0].startswith(message)
    sqlite_project.flask("db", "upgrade")


def test_revision_that_would_not_import_is_not_written(sqlite_project: Project) -> None:
    mako = sqlite_project.folder / "script.py.mako"
    mako.write_text(mako.read_text() + "\nimport no_such_module\n")
    result = sqlite_project.flask("db", "revision", "-m", "x", ok=False)
    assert result.exit_code == 1
    assert "The revision was not written" in result.stderr
    assert "no_such_module" in result.stderr
    assert list((sqlite_project.folder / "versions").iterdir()) == []


def test_environment_runs_on_demand(sqlite_project: Project) -> None:
    ini = sqlite_project.folder / "alembic.ini"
    ini.write_text(ini.read_text().replace("# revision_environment = false", "revision_environment = true"))
    result = sqlite_project.flask("db", "revision", "-m", "x")
    assert "Context impl SQLiteImpl." in result.stderr
    sqlite_project.revision("aaa")
    assert "Context impl SQLiteImpl." in sqlite_project.flask("db", "merge", "-m", "y").stderr


def test_sql_of_an_empty_revision_is_refused(sqlite_project: Project) -> None:
    assert sqlite_project.flask("db", "revision", "--sql", ok=False).exit_code == 2
