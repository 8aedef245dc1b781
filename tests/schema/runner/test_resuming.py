"""A revision that was interrupted half-way goes on where it stopped, and asks where nobody can know."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from tests.databases.servers import Database
from tests.schema.conftest import Project, create
from tests.schema.runner.crowd import crowd
from tests.schema.runner.interrupted_page import shown

# Whoever runs it first offers itself as the victim.
SLEEPS = """
    import os, pathlib, time
    victim = pathlib.Path(op.get_context().script.dir) / "victim"
    if not victim.exists():
        victim.write_text(str(os.getpid()))
        time.sleep(60)
"""
BLOCK = """
    with op.get_context().autocommit_block():
        op.execute("DO $$ BEGIN IF (SELECT count(*) FROM t) = 0 THEN PERFORM pg_sleep(15); END IF;"
            " CREATE TABLE made (id int); END $$")
"""
RUNS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE state = 'active' AND datname = current_database() AND query LIKE 'DO %'"
)


@pytest.fixture
def postgresql(make_project: Callable[..., Project], make_database: Callable[[str], Database]) -> Project:
    return make_project(make_database("postgresql"))


@pytest.fixture
def mariadb(make_project: Callable[..., Project], make_database: Callable[[str], Database]) -> Project:
    return make_project(make_database("mariadb"))


def killed_while(project: Project, query: str) -> None:
    """Kill an upgrade as soon as a query says so."""
    upgrade = threading.Thread(target=crowd, args=(project, "db", "upgrade"), kwargs={"number": 1})
    upgrade.start()
    while project.rows(query) == [(0,)]:
        time.sleep(0.1)
    (ready,) = project.folder.glob("*.ready")
    os.kill(int(ready.stem), signal.SIGKILL)
    upgrade.join()


@pytest.fixture
def asks(postgresql: Project) -> Project:
    """A project whose upgrade was killed in a statement that has no probe."""
    postgresql.revision("aaa", upgrade=create("t"), downgrade='op.drop_table("t")')
    postgresql.revision("bbb", "aaa", upgrade=f"{create('u')}{BLOCK}    {create('v')}", downgrade="pass")
    killed_while(postgresql, RUNS)
    return postgresql


def test_statement_of_which_nothing_is_known_is_asked_about(asks: Project) -> None:
    for _ in range(2):
        result = asks.flask("db", "upgrade", ok=False)
        assert result.exit_code == 1
        assert "whether that took effect is not known" in result.stderr
        assert "flask db resume --step-done" in result.stderr
        assert shown(result.stderr)
    assert "made" not in asks.tables()


def test_step_that_is_said_to_be_done_is_passed_over(asks: Project) -> None:
    result = asks.flask("db", "resume", "--step-done")
    assert result.stdout == "The upgrade of revision 'bbb' is finished.\n"
    assert asks.tables() == {"alembic_version", "t", "u", "v"}
    assert asks.flask("db", "resume").stdout == "Nothing was interrupted.\n"


def test_step_that_is_said_to_be_open_is_run_again(asks: Project) -> None:
    asks.rows("INSERT INTO t VALUES (1)")
    asks.flask("db", "resume", "--step-redo")
    assert asks.tables() == {"alembic_version", "t", "u", "v", "made"}
    assert asks.version() == ["bbb"]


def test_answers_that_contradict_each_other_are_refused(asks: Project) -> None:
    result = asks.flask("db", "resume", "--step-redo", "--step-done", ok=False)
    assert result.exit_code == 2
    assert "contradict each other" in result.stderr


def test_nothing_else_runs_before_what_was_begun(asks: Project) -> None:
    result = asks.flask("db", "downgrade", ok=False)
    assert result.exit_code == 1
    assert "The upgrade of revision 'bbb' was interrupted half-way" in result.stderr
    assert shown(result.stderr)
    assert asks.version() == ["aaa"]


def test_stamp_ends_what_was_begun(asks: Project) -> None:
    asks.rows("CREATE TABLE v (id serial PRIMARY KEY)")
    asks.rows("CREATE TABLE made (id int)")
    result = asks.flask("db", "stamp", "bbb")
    assert "`stamp` ends that" in result.stderr
    assert asks.flask("db", "resume").stdout == "Nothing was interrupted.\n"


def test_what_failed_half_way_goes_on_when_its_cause_is_gone(mariadb: Project) -> None:
    mariadb.revision("aaa", upgrade=create("t"))
    mariadb.revision(
        "bbb",
        "aaa",
        upgrade=f'{create("u")}\n    op.execute("INSERT INTO u VALUES (7)")\n    {create("there")}\n'
        '    op.execute("INSERT INTO u VALUES (8)")',
    )
    mariadb.rows("CREATE TABLE there (x int)")
    for _ in range(2):
        result = mariadb.flask("db", "upgrade", ok=False)
        assert result.exit_code == 1
        assert "passed over the next time" in result.stderr
    mariadb.rows("DROP TABLE there")
    mariadb.flask("db", "upgrade")
    assert sorted(mariadb.rows("SELECT * FROM u")) == [(7,), (8,)]
    assert mariadb.rows("SELECT * FROM there") == []


def test_file_that_does_something_else_by_now_is_refused(mariadb: Project) -> None:
    mariadb.revision("aaa", upgrade=f"{create('u')}\n    {create('there')}")
    mariadb.rows("CREATE TABLE there (x int)")
    mariadb.flask("db", "upgrade", ok=False)
    mariadb.revision("aaa", upgrade=f"{create('other')}\n    {create('there')}")
    mariadb.rows("DROP TABLE there")
    result = mariadb.flask("db", "upgrade", ok=False)
    assert result.exit_code == 4
    assert "CREATE TABLE u" in result.stderr
    assert "CREATE TABLE other" in result.stderr
    assert shown(result.stderr)
    assert mariadb.tables() == {"alembic_version", "u"}


def test_statement_that_failed_may_be_corrected(mariadb: Project) -> None:
    mariadb.revision("aaa", upgrade=f"{create('u')}\n    {create('there')}")
    mariadb.rows("CREATE TABLE there (x int)")
    mariadb.flask("db", "upgrade", ok=False)
    mariadb.revision("aaa", upgrade=f"{create('u')}\n    {create('elsewhere')}")
    mariadb.flask("db", "upgrade")
    assert mariadb.tables() == {"alembic_version", "u", "there", "elsewhere"}


def test_revision_of_which_nothing_took_effect_is_in_nobodys_way(mariadb: Project) -> None:
    mariadb.revision("aaa", upgrade=create("t"), downgrade='op.drop_table("t")')
    mariadb.flask("db", "upgrade")
    mariadb.revision("bbb", "aaa", upgrade=create("there"))
    mariadb.rows("CREATE TABLE there (x int)")
    mariadb.flask("db", "upgrade", ok=False)
    assert mariadb.flask("db", "resume").stdout == "Nothing was interrupted.\n"
    mariadb.flask("db", "downgrade")
    assert mariadb.version() == []


def test_rows_before_a_statement_that_failed_are_written_once(mariadb: Project) -> None:
    mariadb.revision("aaa", upgrade=create("t"))
    mariadb.flask("db", "upgrade")
    rows = 'op.execute("INSERT INTO t VALUES (7)")'
    mariadb.revision("bbb", "aaa", upgrade=f"{rows}\n    {create('there')}")
    mariadb.rows("CREATE TABLE there (x int)")
    mariadb.flask("db", "upgrade", ok=False)
    assert "was interrupted half-way" in mariadb.flask("db", "downgrade", ok=False).stderr
    mariadb.revision("bbb", "aaa", upgrade=f"{rows}\n    {create('elsewhere')}")
    mariadb.flask("db", "upgrade")
    assert mariadb.rows("SELECT * FROM t") == [(7,)]


def test_orderly_stop_says_what_is_done_and_leaves_nothing_to_ask(project: Project) -> None:
    project.revision("aaa", upgrade=create("t"))
    project.revision("bbb", "aaa", upgrade=f"{create('u')}{SLEEPS}")
    (runner,) = crowd(project, "db", "upgrade", number=1, sent=signal.SIGTERM)
    assert runner["code"] == 1
    assert "Stopped by SIGTERM." in runner["stderr"]
    assert shown(runner["stderr"])
    project.flask("db", "upgrade")
    assert project.version() == ["bbb"]
    assert {"t", "u"} <= project.tables()
