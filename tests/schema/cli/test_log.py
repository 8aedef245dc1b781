"""`flask db log`, and `schema.log()`."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from app import schema
from tests.databases.servers import Database
from tests.schema.conftest import Project, create

FIELDS = {
    "number": int,
    "id": str,
    "attempt": str,
    "revision": str,
    "parents": list,
    "message": str,
    "path": str,
    "direction": str,
    "kind": str,
    "result": str,
    "heads": list,
    "started_at": str,
    "ended_at": str,
    "duration": float,
    "source_digest": str,
    "meaning_digest": str,
    "downgrade_digest": str,
    "server": str,
    "user": str,
    "host": str,
    "pid": int,
    "code": (str, type(None)),
    "tool": str,
    "error": (str, type(None)),
    "note": (str, type(None)),
    "attempts": int,
    "longest_wait": float,
}


@pytest.fixture
def two(project: Project) -> Project:
    project.app.config["SCHEMA_CODE_VERSION"] = "v7"
    project.revision("aaa", upgrade=create("one"), downgrade='op.drop_table("one")', message="Make one")
    project.revision("bbb", "aaa", message="Make nothing")
    return project


def rows(output: str) -> list[list[str]]:
    header, *lines = output.splitlines()
    assert header.split()[0] == "when"
    return [line.split() for line in lines]


def test_log_is_newest_first(two: Project) -> None:
    two.flask("db", "upgrade")
    two.flask("db", "downgrade")
    found = [line[2:4] for line in rows(two.flask("db", "log").stdout) if "started" not in line]
    assert found == [["bbb", "downgrade"], ["bbb", "upgrade"], ["aaa", "upgrade"]]
    line = two.flask("db", "log", "--revision", "aa").stdout.splitlines()[1]
    assert line.endswith("v7    Make one")


def test_log_can_be_cut(two: Project) -> None:
    two.flask("db", "upgrade")
    output = two.flask("db", "log", "-n", "1").stdout
    assert [line[2] for line in rows(output)[:-1]] == ["bbb"]
    assert "left out; `-n 0` shows all." in output
    assert "left out" not in two.flask("db", "log", "-n", "0").stdout


def test_failure_is_shown_with_its_reason(two: Project) -> None:
    two.revision("ccc", "bbb", upgrade="1 / 0")
    two.flask("db", "upgrade", ok=False)
    output = two.flask("db", "log", "-n", "1").stdout
    assert "ccc       upgrade failed" in output
    assert "    ZeroDivisionError: division by zero" in output


def test_json_has_the_fields_that_are_documented(two: Project) -> None:
    two.flask("db", "upgrade")
    document = json.loads(two.flask("db", "log", "--format", "json").stdout)
    (database,) = document["databases"]
    assert database["bind"] == ""
    assert database["ledger"] is True
    assert database["more"] == 0
    entries = [entry for entry in database["entries"] if entry["result"] == "done"]
    assert [entry["revision"] for entry in entries] == ["bbb", "aaa"]
    for entry in entries:
        assert set(entry) == set(FIELDS)
        for name, kind in FIELDS.items():
            assert isinstance(entry[name], kind), name
    assert entries[0]["started_at"].endswith("Z")


def test_database_without_a_ledger_says_so(two: Project) -> None:
    assert "There is no ledger in this database yet." in two.flask("db", "log").stdout
    assert json.loads(two.flask("db", "log", "--format", "json").stdout)["databases"][0]["ledger"] is False


def test_each_bind_is_shown(
    make_project: Callable[..., Project], database: Database, make_database: Callable[[str], Database]
) -> None:
    other = make_database(database.engine)
    project = make_project(database, init=("--multidb",), SQLALCHEMY_BINDS={"other": other.url})
    project.revision("aaa", arguments="engine_name")
    project.flask("db", "upgrade")
    document = json.loads(project.flask("db", "log", "--format", "json").stdout)
    assert [it["bind"] for it in document["databases"]] == ["", "other"]
    assert all(it["entries"][0]["revision"] == "aaa" for it in document["databases"])


def test_log_and_history_and_current_work_on_a_database_ahead_of_the_code(two: Project) -> None:
    two.flask("db", "upgrade")
    (two.folder / "versions" / "bbb_.py").unlink()
    assert two.flask("db", "log", "-n", "1").stdout.splitlines()[1].split()[2] == "bbb"
    assert "aaa" in two.flask("db", "history").stdout
    assert "bbb (no file has this id) It was applied on" in two.flask("db", "current").stdout
    assert "by code v7." in two.flask("db", "current").stdout


def test_log_works_where_the_files_contradict_each_other(two: Project) -> None:
    two.flask("db", "upgrade")
    (two.folder / "versions" / "aaa_.py").unlink()
    assert "aaa" in two.flask("db", "log").stdout


def test_log_from_code(two: Project) -> None:
    with two.app.app_context():
        assert schema.log()[0].entries is None
        schema.upgrade()
        (found,) = schema.log(number=1)
    assert found.entries is not None
    assert [entry.revision for entry in found.entries] == ["bbb"]
    assert found.more >= 1
