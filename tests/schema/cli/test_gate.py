"""The gate: what stands between a dangerous revision and a database."""

from __future__ import annotations

from collections.abc import Callable

import flask_migrate
import pytest

import app.schema
from app.schema.workflows.gate import Refused
from tests.databases.servers import Database
from tests.schema.conftest import Project

CREATE = 'op.create_table("book", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("title", sa.String(200)))'
DROP = 'op.drop_column("book", "title")'
ALLOWED = 'allow = {"drop-column book.title": "nobody reads it"}\n'


@pytest.fixture
def dangerous(make_project: Callable[..., Project], database: Database) -> Project:
    """A protected project whose pending revision drops a column."""
    project = make_project(database, SCHEMA_PROTECTED=True)
    project.revision("aaa", upgrade=CREATE)
    project.flask("db", "upgrade")
    project.revision("bbb", "aaa", upgrade=DROP)
    return project


def columns(project: Project) -> str:
    return str(project.rows("SELECT title FROM book"))


def test_error_finding_stops_a_protected_upgrade_before_the_first_statement(dangerous: Project) -> None:
    dangerous.rows("INSERT INTO book (id, title) VALUES (1, 'kept')")
    result = dangerous.flask("db", "upgrade", ok=False)
    assert result.exit_code == 1
    assert "drop-column" in result.stderr
    assert "nothing was changed" in result.stderr
    assert '--accept drop-column@bbb --reason "why"' in result.stderr
    assert "Traceback" not in result.stderr
    assert dangerous.version() == ["aaa"]
    assert columns(dangerous) == "[('kept',)]"


def test_accepted_finding_is_let_through(dangerous: Project) -> None:
    result = dangerous.flask("db", "upgrade", "--accept", "drop-column@bbb", "--reason", "unused since May")
    assert dangerous.version() == ["bbb"]
    assert "1 allowed" in result.stderr or result.stderr.count("drop-column") == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--accept", "drop-column"], "needs a reason"),
        (["--accept", "drop-colum", "--reason", "x"], "There is no rule 'drop-colum'"),
        (["--accept", "drop-column@zzz", "--reason", "x"], "1 error finding"),
    ],
)
def test_careless_acceptance_changes_nothing(dangerous: Project, arguments: list[str], message: str) -> None:
    result = dangerous.flask("db", "upgrade", *arguments, ok=False)
    assert result.exit_code in (1, 2)
    assert message in result.stderr
    assert dangerous.version() == ["aaa"]


def test_finding_that_the_revision_allows_is_let_through(dangerous: Project) -> None:
    path = dangerous.folder / "versions" / "bbb_.py"
    path.write_text(path.read_text() + ALLOWED)
    dangerous.flask("db", "upgrade")
    assert dangerous.version() == ["bbb"]


def test_baseline_is_not_judged(
    make_project: Callable[..., Project], make_database: Callable[..., Database]
) -> None:
    project = make_project(make_database("sqlite"), SCHEMA_PROTECTED=True, SCHEMA_BASELINE="bbb")
    project.revision("aaa", upgrade=CREATE)
    project.revision("bbb", "aaa", upgrade=DROP)
    project.flask("db", "upgrade")
    assert project.version() == ["bbb"]


def test_unprotected_upgrade_warns_and_runs(make_project: Callable[..., Project], database: Database) -> None:
    project = make_project(database)
    project.revision("aaa", upgrade=CREATE)
    project.flask("db", "upgrade")
    project.revision("bbb", "aaa", upgrade=DROP)
    result = project.flask("db", "upgrade")
    assert "error: drop-column" in result.stderr
    assert project.version() == ["bbb"]


def test_functions_stop_with_a_typed_error(dangerous: Project) -> None:
    with dangerous.app.app_context(), pytest.raises(Refused) as caught:
        app.schema.upgrade()
    assert [finding.rule for finding in caught.value.judgement.findings if finding.severity > 1] == [
        "drop-column"
    ]
    assert dangerous.version() == ["aaa"]


def test_functions_of_flask_migrate_are_stopped_too(dangerous: Project) -> None:
    with dangerous.app.app_context(), pytest.raises(SystemExit):
        flask_migrate.upgrade()
    assert dangerous.version() == ["aaa"]


def test_findings_do_not_stop_a_downgrade(dangerous: Project) -> None:
    dangerous.flask("db", "downgrade", "base")
    assert dangerous.version() == []


def test_stamp_of_the_alembic_program_runs_nothing_and_passes_no_gate(dangerous: Project) -> None:
    dangerous.rows("ALTER TABLE book DROP COLUMN title")
    with dangerous.app.app_context():
        flask_migrate.stamp(revision="bbb")
    assert dangerous.version() == ["bbb"]


def test_migrate_prints_what_is_wrong_with_the_new_revision(
    make_project: Callable[..., Project], make_database: Callable[..., Database]
) -> None:
    project = make_project(make_database("sqlite"))
    project.revision("aaa", upgrade=CREATE)
    project.flask("db", "upgrade")
    import sqlalchemy as sa

    sa.Table("book", project.db.metadata, sa.Column("id", sa.Integer(), primary_key=True))
    result = project.flask("db", "migrate", "-m", "drop title")
    assert "error: drop-column" in result.stderr
    assert "unused" not in result.stdout


def test_refusal_prints_a_command_that_lets_all_findings_through(dangerous: Project) -> None:
    dangerous.revision("ccc", "bbb", upgrade='op.drop_table("book")')
    refused = dangerous.flask("db", "upgrade", ok=False).stderr
    options = refused.partition("flask db upgrade ")[2].partition(" --reason")[0].split()
    assert options.count("--accept") == 2
    dangerous.flask("db", "upgrade", *options, "--reason", "unused")
    assert dangerous.version() == ["ccc"]
