from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

import pytest

from tests.databases.servers import Database
from tests.schema import old_env
from tests.schema.conftest import Project

CREATE = 'op.create_table("book", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("title", sa.String(200)))'
CHANGE = """op.add_column("book", sa.Column("pages", sa.Integer()))
    op.execute("UPDATE book SET pages = 1 WHERE id = 1")"""


@pytest.fixture
def shop(project: Project) -> Project:
    """A project at its first revision of two, on each engine."""
    project.revision("aaa", upgrade=CREATE)
    project.flask("db", "upgrade")
    project.rows("INSERT INTO book (id, title) VALUES (1, 'one'), (2, 'two')")
    project.revision("bbb", "aaa", upgrade=CHANGE, message="Count the pages")
    return project


def planned(project: Project, *arguments: str) -> Any:
    return json.loads(project.flask("db", "plan", "--format", "json", *arguments).stdout)


def test_plan_shows_statements_and_changes_nothing(shop: Project) -> None:
    text = shop.flask("db", "plan").stdout
    assert "stands at aaa." in text
    assert "would run 1 revision:" in text
    assert "bbb  Count the pages" in text
    assert "ALTER TABLE book ADD COLUMN pages INTEGER;" in text
    assert "UPDATE book SET pages = 1 WHERE id = 1;" in text
    assert shop.version() == ["aaa"]
    assert shop.rows("SELECT * FROM book ORDER BY id") == [(1, "one"), (2, "two")]


def test_plan_of_a_finished_database_is_empty(shop: Project) -> None:
    shop.flask("db", "upgrade")
    assert "Nothing to do." in shop.flask("db", "plan").stdout


def test_plan_ends_at_the_revision_named(shop: Project) -> None:
    shop.revision("ccc", "bbb", upgrade='op.drop_table("book")')
    assert [revision["revision"] for revision in planned(shop, "bbb")["revisions"]] == ["bbb"]
    assert [revision["revision"] for revision in planned(shop)["revisions"]] == ["bbb", "ccc"]


def test_plan_carries_the_findings(shop: Project) -> None:
    shop.revision("ccc", "bbb", upgrade='op.drop_table("book")')
    last = planned(shop)["revisions"][-1]
    assert "drop-table" in [finding["rule"] for finding in last["findings"]]


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_plan_names_lock_size_and_whom_it_blocks(shop: Project) -> None:
    shop.rows("ANALYZE book")
    text = shop.flask("db", "plan").stdout
    assert "-- book (2 rows, " in text
    assert "ACCESS EXCLUSIVE, blocks reads and writes; instant" in text


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_concurrent_build_stands_outside_a_transaction(shop: Project) -> None:
    shop.revision(
        "ccc",
        "bbb",
        upgrade="with op.get_context().autocommit_block():\n"
        '        op.create_index("ix", "book", ["title"], postgresql_concurrently=True)',
    )
    last = planned(shop)["revisions"][-1]["steps"]
    assert [step["transaction"] for step in last] == [None]
    assert last[0]["effects"][0]["lock"] == "SHARE UPDATE EXCLUSIVE"


@pytest.mark.parametrize("engine_name", ["mariadb"], indirect=True)
def test_plan_names_the_algorithm(shop: Project) -> None:
    assert planned(shop)["revisions"][0]["steps"][0]["effects"][0]["algorithm"] == "INSTANT"


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_plan_of_a_rebuild_shows_all_its_statements(shop: Project) -> None:
    shop.revision(
        "ccc",
        "bbb",
        upgrade='with op.batch_alter_table("book") as batch: batch.alter_column("title", nullable=False)',
    )
    sql = planned(shop)["revisions"][-1]["steps"][0]["sql"]
    assert [statement.split()[0] for statement in sql] == ["CREATE", "INSERT", "DROP", "ALTER"]


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_measure_shows_what_was_observed_and_leaves_no_trace(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = secrets.token_hex(6)
    monkeypatch.setattr(secrets, "token_hex", lambda _: name)
    shop.revision("ccc", "bbb", upgrade='op.alter_column("book", "id", type_=sa.BigInteger())')
    effects = [
        effect
        for revision in planned(shop, "--measure")["revisions"]
        for step in revision["steps"]
        for effect in step["effects"]
    ]
    observed = [effect["observed"] for effect in effects if effect["observed"]]
    assert [each["lock"] for each in observed if each["lock"] == "ACCESS EXCLUSIVE"] == [
        "ACCESS EXCLUSIVE"
    ] * 2
    assert [each["rewrites"] for each in observed][-1] is True
    assert shop.rows(f"SELECT datname FROM pg_database WHERE datname LIKE '%{name}'") == []
    assert shop.version() == ["aaa"]


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_measure_builds_the_scratch_database_with_an_old_env_py_too(shop: Project) -> None:
    (shop.folder / "env.py").write_text(old_env.DATABASE_URI)
    effects = [
        effect
        for revision in planned(shop, "--measure")["revisions"]
        for step in revision["steps"]
        for effect in step["effects"]
    ]
    assert any(effect["observed"] for effect in effects)
    assert shop.version() == ["aaa"]


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_measure_takes_the_scratch_database_that_is_given(
    shop: Project, make_database: Callable[[str], Database]
) -> None:
    scratch = make_database("postgresql")
    shop.flask("db", "plan", "--scratch", scratch.url)
    assert "book" in shop.tables(scratch)


@pytest.mark.parametrize("engine_name", ["sqlite", "mariadb"], indirect=True)
def test_measure_says_where_it_cannot(shop: Project) -> None:
    result = shop.flask("db", "plan", "--measure", ok=False)
    assert result.exit_code == 2
    assert "`--measure` observes PostgreSQL" in result.stderr


@pytest.mark.parametrize(
    ("engine_name", "attempt", "server"),
    [("postgresql", 0.25, 0.25), ("mariadb", 0.25, 1.0), ("sqlite", 0.25, 0.25)],
    indirect=["engine_name"],
)
def test_plan_says_how_long_a_statement_waits_for_its_lock(
    shop: Project, attempt: float, server: float
) -> None:
    shop.app.config.update(SCHEMA_LOCK_TIMEOUT="250ms", SCHEMA_LOCK_BUDGET="90s")
    end = "" if attempt == server else " (1 s at the end of a long one)"
    line = f"A statement that cannot have its lock within 250 ms{end} lets others pass and is tried again, for up to"
    assert (
        f"{line} 1 min 30 s (SCHEMA_LOCK_TIMEOUT, SCHEMA_LOCK_BUDGET).\n" in shop.flask("db", "plan").stdout
    )
    assert planned(shop)["lock_waits"] == {"attempt": attempt, "server": server, "budget": 90.0}


@pytest.mark.parametrize("engine_name", ["postgresql", "mariadb"], indirect=True)
def test_plan_says_nothing_of_locks_where_nobody_waits(shop: Project) -> None:
    shop.flask("db", "upgrade")
    shop.revision("ccc", "bbb", upgrade='op.execute("INSERT INTO book (id) VALUES (3)")')
    assert "SCHEMA_LOCK_TIMEOUT" not in shop.flask("db", "plan").stdout


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_version_table_in_a_schema_of_its_own_is_read(
    make_project: Callable[..., Project], database: Database
) -> None:
    project = make_project(
        database, arguments={"version_table": "applied", "version_table_schema": "book_keeping"}
    )
    project.rows("CREATE SCHEMA book_keeping")
    project.revision("aaa", upgrade=CREATE)
    project.flask("db", "upgrade")
    project.revision("bbb", "aaa", upgrade=CHANGE)
    assert [revision["revision"] for revision in planned(project)["revisions"]] == ["bbb"]
    assert "1 revision judged" in project.flask("db", "lint", "--fail-on", "never").stdout
