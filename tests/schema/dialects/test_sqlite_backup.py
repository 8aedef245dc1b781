"""The copy of a SQLite file that is made before revisions run, and the way back."""

from __future__ import annotations

import re
import resource
import shlex
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.databases.servers import Database
from tests.schema.conftest import Project, create

ROW = "op.execute('INSERT INTO one VALUES ({})')"


@pytest.fixture
def project(sqlite_project: Project) -> Project:
    """A project whose database stands at 'aaa' and has a table with a row."""
    sqlite_project.revision("aaa", upgrade=f"{create('one')}\n    {ROW.format(1)}", downgrade="pass")
    sqlite_project.flask("db", "upgrade")
    return sqlite_project


def file_of(project: Project) -> Path:
    return Path(project.database.url.removeprefix("sqlite:///"))


def copies(project: Project) -> list[Path]:
    return sorted(file_of(project).parent.glob(f"{file_of(project).name}.*"))


def rows(path: Path) -> list[tuple[int]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT id FROM one ORDER BY id").fetchall()


def test_database_without_a_table_is_not_copied(project: Project) -> None:
    assert copies(project) == []


def test_copy_is_named_by_its_moment_and_its_revision_and_is_whole(project: Project) -> None:
    project.revision("bbb", "aaa", upgrade=ROW.format(2))
    project.flask("db", "upgrade")
    (copy,) = copies(project)
    assert re.fullmatch(r"\.\d{8}T\d{6}Z\.aaa\.backup", copy.name.removeprefix(file_of(project).name))
    assert rows(copy) == [(1,)]
    assert rows(file_of(project)) == [(1,), (2,)]


def test_downgrade_is_preceded_by_a_copy(project: Project) -> None:
    project.revision("bbb", "aaa", upgrade=ROW.format(2), downgrade="op.drop_table('one')")
    project.flask("db", "upgrade")
    project.flask("db", "downgrade", "--yes")
    assert rows(next(copy for copy in copies(project) if ".bbb." in copy.name)) == [(1,), (2,)]


def test_nothing_to_do_and_stamp_make_no_copy(project: Project) -> None:
    project.flask("db", "upgrade")
    project.flask("db", "stamp", "aaa")
    assert copies(project) == []


@pytest.mark.parametrize(("keep", "left"), [({}, 3), ({"SCHEMA_BACKUPS": 1}, 1), ({"SCHEMA_BACKUPS": 0}, 0)])
def test_last_copies_are_kept(project: Project, keep: dict[str, int], left: int) -> None:
    foreign = file_of(project).with_name(f"{file_of(project).name}.mine.backup")
    foreign.touch()
    project.app.config.update(keep)
    for number, parent in enumerate(["aaa", *"bcdef"]):
        project.revision("bcdef"[number] if number < 5 else "ggg", parent, upgrade=ROW.format(number + 2))
        project.flask("db", "upgrade")
    assert foreign in copies(project)
    found = [copy for copy in copies(project) if copy != foreign]
    assert [copy.name.split(".")[-2] for copy in found] == list("bcdef")[5 - left :]


def test_others_may_read_the_copy_only_where_they_may_read_the_database(project: Project) -> None:
    file_of(project).chmod(0o600)
    project.revision("bbb", "aaa", upgrade=ROW.format(2))
    project.flask("db", "upgrade")
    (copy,) = copies(project)
    assert copy.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_failed_upgrade_says_how_to_go_back_and_that_works(project: Project, mode: str) -> None:
    database = file_of(project)
    with closing(sqlite3.connect(database)) as application:
        application.execute(f"PRAGMA journal_mode = {mode}")
        # Not yet checkpointed: in WAL mode the row stands in the log alone.
        application.execute("INSERT INTO one VALUES (5)")
        application.commit()
        project.revision("bbb", "aaa", upgrade=ROW.format(2))
        project.revision("ccc", "bbb", upgrade="raise ValueError")
        result = project.flask("db", "upgrade", ok=False)
        assert result.exit_code == 1
        assert project.version() == ["bbb"]
    command = re.search(r"stop the application and type: (.*)", result.stderr)
    assert command is not None
    subprocess.run(shlex.split(command.group(1)), check=True)
    assert rows(database) == [(1,), (5,)]
    assert project.version() == ["aaa"]


def test_upgrade_that_left_nothing_behind_does_not_send_anybody_back(project: Project) -> None:
    project.revision("bbb", "aaa", upgrade="raise ValueError")
    assert "To bring the database back" not in project.flask("db", "upgrade", ok=False).stderr
    assert len(copies(project)) == 1


@contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_disk_without_room_for_the_copy_stops_the_upgrade_before_it_begins(project: Project) -> None:
    project.rows("CREATE TABLE big AS SELECT zeroblob(3000000)")
    project.revision("bbb", "aaa", upgrade=ROW.format(2))
    before = file_of(project).read_bytes()
    with no_room_beyond(1_000_000):
        result = project.flask("db", "upgrade", ok=False)
    assert result.exit_code == 1
    assert "could not be copied" in result.stderr
    assert "set `SCHEMA_BACKUPS` to 0" in result.stderr
    assert file_of(project).read_bytes() == before
    assert copies(project) == []
    project.flask("db", "upgrade")
    assert rows(file_of(project)) == [(1,), (2,)]


def test_database_in_memory_is_not_copied(
    make_project: Callable[..., Project], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    project = make_project(Database("sqlite", "sqlite://"))
    project.revision("aaa", upgrade=create("one"))
    project.flask("db", "upgrade", "aaa")
    project.revision("bbb", "aaa", upgrade=create("two"))
    project.flask("db", "upgrade")
    assert list(tmp_path.rglob("*.backup")) == []


@pytest.mark.parametrize("value", [-1, "3", True, None])
def test_number_of_copies_has_to_be_a_number(project: Project, value: object) -> None:
    project.app.config["SCHEMA_BACKUPS"] = value
    assert "SCHEMA_BACKUPS is" in project.flask("db", "upgrade", ok=False).stderr
