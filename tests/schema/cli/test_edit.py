from __future__ import annotations

from pathlib import Path

import pytest

from tests.schema.conftest import Project


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that notes which files it was given, and the notes."""
    program, notes = tmp_path / "editor", tmp_path / "notes"
    program.write_text(f'#!/bin/sh\necho "$1" >> {notes}\n')
    program.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(program))
    return notes


@pytest.mark.parametrize(("arguments", "opened"), [([], "bbb"), (["aaa"], "aaa"), (["current"], "aaa")])
def test_edit_opens_the_file(
    sqlite_project: Project, editor: Path, arguments: list[str], opened: str
) -> None:
    paths = {"aaa": sqlite_project.revision("aaa"), "bbb": sqlite_project.revision("bbb", "aaa")}
    sqlite_project.flask("db", "upgrade", "aaa")
    sqlite_project.flask("db", "edit", *arguments)
    assert editor.read_text().split() == [str(paths[opened])]


def test_edit_says_if_there_is_nothing_to_open(sqlite_project: Project, editor: Path) -> None:
    sqlite_project.revision("aaa")
    result = sqlite_project.flask("db", "edit", "current", ok=False)
    assert result.exit_code == 4
    assert "'current' names no revision file." in result.stderr
    assert not editor.exists()
