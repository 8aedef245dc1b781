"""`flask db verify`, and `schema.verify()`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine

from app import schema
from app.schema.core.entry import Kind, Result
from app.schema.core.errors import UsageProblem
from app.schema.ledger.store import LedgerStore, new_id
from tests.databases.servers import Database
from tests.schema.conftest import Project, create
from tests.schema.ledger.test_books import ledger


@pytest.fixture
def applied(project: Project) -> Project:
    project.revision("aaa", upgrade=create("one"), downgrade='op.drop_table("one")')
    project.revision("bbb", "aaa", upgrade=create("two"), downgrade='op.drop_table("two")')
    project.flask("db", "upgrade")
    return project


def edit(project: Project, revision: str, old: str, new: str) -> None:
    path = project.folder / "versions" / f"{revision}_.py"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def document(project: Project, *arguments: str) -> dict[str, Any]:
    result = project.flask("db", "verify", "--format", "json", *arguments, ok=False)
    found: dict[str, Any] = json.loads(result.stdout)
    assert result.exit_code == (4 if found["summary"]["errors"] else 0)
    return found


def rules(project: Project) -> list[tuple[str, str, str | None]]:
    return [(it["severity"], it["rule"], it["revision"]) for it in document(project)["findings"]]


def test_what_is_as_it_was_is_clean(applied: Project) -> None:
    assert rules(applied) == []
    assert "2 revisions applied by the ledger: all as it was applied." in applied.flask("db", "verify").stdout


def test_note_is_no_failure(applied: Project) -> None:
    edit(applied, "aaa", "def upgrade", "# a comment\ndef upgrade")
    assert rules(applied) == [("info", "edited-applied-revision", "aaa")]
    assert applied.flask("db", "verify").exit_code == 0


def test_edited_revision_is_shown_with_what_differs(applied: Project) -> None:
    edit(applied, "bbb", '"two", sa', '"three", sa')
    result = applied.flask("db", "verify", ok=False)
    assert result.exit_code == 4
    assert "bbb: error: edited-applied-revision" in result.stdout
    assert '+    op.create_table("three"' in result.stdout
    (finding,) = document(applied)["findings"]
    assert finding["path"].endswith("bbb_.py")
    assert set(finding) >= {"rule", "severity", "revision", "path", "message", "instead", "server"}


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_accepted_edit_lets_the_upgrade_go_on(applied: Project) -> None:
    edit(applied, "bbb", '"two", sa', '"three", sa')
    applied.revision("ccc", "bbb")
    assert applied.flask("db", "upgrade", ok=False).exit_code == 4
    assert applied.flask("db", "verify", "--accept", "bbb", ok=False).exit_code == 2
    result = applied.flask("db", "verify", "--accept", "bb", "--reason", "mended by hand")
    assert "all as it was applied" in result.stdout
    entry = ledger(applied)[-1]
    assert (entry.revision, entry.kind, entry.note) == ("bbb", Kind.REPAIR, "mended by hand")
    assert entry.page.source == (applied.folder / "versions" / "bbb_.py").read_bytes()
    applied.flask("db", "upgrade")
    assert applied.version() == ["ccc"]
    assert rules(applied) == []


def test_accepting_is_for_each_database(
    make_project: Callable[..., Project], database: Database, make_database: Callable[[str], Database]
) -> None:
    other = make_database(database.engine)
    project = make_project(database, init=("--multidb",), SQLALCHEMY_BINDS={"other": other.url})
    project.revision("aaa", arguments="engine_name", upgrade=f"{create('one')}")
    project.flask("db", "upgrade")
    edit(project, "aaa", '"one", sa', '"three", sa')
    assert len(rules(project)) == 2
    project.flask("db", "verify", "--accept", "aaa", "--reason", "mended by hand")
    for where in (database, other):
        assert ledger(project, where)[-1].kind is Kind.REPAIR
    assert rules(project) == []


def test_removed_revision_can_be_accepted(applied: Project) -> None:
    (applied.folder / "versions" / "aaa_.py").unlink()
    edit(applied, "bbb", "down_revision = 'aaa'", "down_revision = None")
    assert ("error", "deleted-revision", "aaa") in rules(applied)
    applied.flask("db", "verify", "--accept", "aaa", "--accept", "bbb", "--reason", "squashed", ok=False)
    assert rules(applied) == []
    assert applied.flask("db", "upgrade").exit_code == 0


def test_revision_put_in_below_can_be_accepted(applied: Project) -> None:
    applied.revision("mid", "aaa", upgrade=create("between"))
    edit(applied, "bbb", "down_revision = 'aaa'", "down_revision = 'mid'")
    assert ("error", "never-applied-revision", "mid") in rules(applied)
    applied.flask("db", "verify", "--accept", "mid", "--accept", "bbb", "--reason", "was there already")
    assert rules(applied) == []


def test_nothing_but_what_does_not_fit_can_be_accepted(applied: Project) -> None:
    result = applied.flask("db", "verify", "--accept", "aaa", "--reason", "why not", ok=False)
    assert result.exit_code == 2
    assert "nothing about a revision 'aaa' that could be accepted" in result.stderr
    assert all(entry.kind is not Kind.REPAIR for entry in ledger(applied))


def test_database_ahead_of_the_code_is_named(applied: Project) -> None:
    applied.revision("ccc", "bbb")
    applied.flask("db", "upgrade")
    for name in ("bbb", "ccc"):
        (applied.folder / "versions" / f"{name}_.py").unlink()
    (finding,) = document(applied)["findings"]
    assert finding["rule"] == "database-ahead"
    assert finding["revision"] == "ccc"
    assert "It was applied on" in finding["message"]
    assert "'bbb', which it follows, has no file either" in finding["message"]
    assert "flask db recover ccc bbb" in finding["instead"]
    result = applied.flask("db", "upgrade", ok=False)
    assert result.exit_code == 4
    assert "The database is ahead of this code. It was applied on" in result.stderr
    assert "flask db recover" in result.stderr


def test_missing_file_is_told_where_alembic_can_load_nothing(applied: Project) -> None:
    (applied.folder / "versions" / "aaa_.py").unlink()
    assert [it[:2] for it in rules(applied)] == [("error", "deleted-revision"), ("error", "missing-parent")]
    result = applied.flask("db", "upgrade", ok=False)
    assert result.exit_code == 4
    assert "It was applied on" in result.stderr
    assert "flask db recover" in result.stderr


def test_attempt_that_did_not_end_well_is_told(applied: Project) -> None:
    applied.revision("ccc", "bbb", upgrade="1 / 0")
    applied.flask("db", "upgrade", ok=False)
    assert rules(applied) == [("info", "failed-revision", "ccc")]
    engine = create_engine(applied.database.url, poolclass=NullPool)
    with engine.begin() as connection:  # what a runner leaves that was killed
        store = LedgerStore(connection, "alembic_version", None)
        store.add([replace(store.read()[-1], id=new_id(), attempt=new_id(), result=Result.STARTED)])
    assert rules(applied) == [("warning", "interrupted-revision", "ccc")]


def test_database_without_a_ledger_says_so(project: Project) -> None:
    project.revision("aaa")
    assert rules(project) == [("info", "no-ledger", None)]
    assert "There is no ledger in this database yet" in project.flask("db", "verify").stdout
    assert "schema_ledger" not in {row[0] for row in project.rows(TABLES[project.database.engine])}


TABLES = {
    "sqlite": "SELECT name FROM sqlite_master",
    "postgresql": "SELECT tablename FROM pg_tables",
    "mariadb": "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()",
}


def test_order_can_be_accepted(project: Project) -> None:
    project.revision("aaa")
    project.revision("bbb")
    project.flask("db", "upgrade", "aaa")
    project.flask("db", "upgrade", "bbb")
    project.revision("aaa", "bbb")
    project.rows("DELETE FROM alembic_version WHERE version_num = 'bbb'")
    assert ("warning", "applied-out-of-order", "aaa") in rules(project)
    project.flask("db", "verify", "--accept", "aaa", "--reason", "looked at")
    assert ("warning", "applied-out-of-order", "aaa") not in rules(project)


def test_verify_from_code(applied: Project) -> None:
    with applied.app.app_context():
        (found,) = schema.verify()
        assert found.findings == []
        assert not found.broken
        edit(applied, "aaa", '"one", sa', '"three", sa')
        assert schema.verify()[0].broken
        with pytest.raises(UsageProblem, match="needs a reason"):
            schema.verify(accept="aaa")
        assert not schema.verify(accept="aaa", reason="mended by hand")[0].broken
