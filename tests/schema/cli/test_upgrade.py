from __future__ import annotations

from flask import Flask

from tests.schema.conftest import Project, create


def test_history_of_the_application_goes_up_down_and_up(empty_app: Flask) -> None:
    runner = empty_app.test_cli_runner()
    for arguments in (
        ["upgrade"],
        ["check"],
        ["downgrade", "base"],
        ["upgrade"],
        ["current", "--check-heads"],
    ):
        result = runner.invoke(args=["db", *arguments])
        assert result.exit_code == 0, result.output
    assert result.stdout == "b370d8e1f46a (head)\n"


def test_upgrade_says_what_it_runs_on_stderr(project: Project) -> None:
    project.revision("aaa", upgrade=create("one"), message="Create one")
    result = project.flask("db", "upgrade")
    assert result.stdout == ""
    assert "INFO  [alembic.runtime.migration] Running upgrade  -> aaa, Create one" in result.stderr
    assert project.version() == ["aaa"]
    assert "one" in project.tables()


def test_upgrade_stops_at_the_revision_that_fails_and_keeps_those_before(project: Project) -> None:
    project.revision("aaa", upgrade=create("one"))
    project.revision("bbb", "aaa", upgrade='raise ValueError("no such luck")')
    project.revision("ccc", "bbb", upgrade=create("three"))
    result = project.flask("db", "upgrade", ok=False)
    assert result.exit_code == 1
    assert "no such luck" in result.stderr
    assert "The database stands at revision 'aaa'; 1 of 3 revisions ran." in result.stderr
    assert "Traceback" not in result.stderr
    assert project.version() == ["aaa"]
    assert "one" in project.tables()


def test_failure_shows_its_traceback_on_demand(sqlite_project: Project) -> None:
    sqlite_project.revision("aaa", upgrade='raise ValueError("no such luck")')
    result = sqlite_project.flask("db", "--traceback", "upgrade", ok=False)
    assert result.exit_code == 1
    assert "Traceback" in result.stderr
    assert "aaa_.py" in result.stderr
    assert result.stderr.rstrip().splitlines()[-1].startswith("Error: ")
