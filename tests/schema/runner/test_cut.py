"""The connection is cut: the command says what became of its work, and the same command finishes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from tests.databases.servers import Database
from tests.schema.conftest import Project, create
from tests.schema.runner.crowd import crowd
from tests.schema.runner.killing import wait_until
from tests.schema.runner.proxy import cut_at_commit

SERVED = pytest.mark.parametrize("engine_name", ["postgresql", "mariadb"], indirect=True)

ROWS = """
op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("v", sa.Integer(), server_default="0"))
    op.execute("INSERT INTO t (id) VALUES (1), (2)")
    op.create_table("pace", sa.Column("seconds", sa.Integer()))
    op.execute("INSERT INTO pace VALUES (60)")
""".strip()
# Ends the session of the revision through another one, as an administrator does; once.
CUT = """
    import pathlib
    marker = pathlib.Path(op.get_context().script.dir) / "cut"
    if not marker.exists():
        marker.touch()
        mine, end = {
            "postgresql": ("SELECT pg_backend_pid()", "SELECT pg_terminate_backend({})"),
            "mysql": ("SELECT connection_id()", "KILL {}"),
        }[op.get_bind().dialect.name]
        number = op.get_bind().exec_driver_sql(mine).scalar()
        other = sa.create_engine(op.get_bind().engine.url, poolclass=sa.NullPool)
        with other.connect() as connection:
            connection.exec_driver_sql(end.format(number))
            gone = {
                "postgresql": "SELECT count(*) FROM pg_stat_activity WHERE pid = {}",
                "mysql": "SELECT count(*) FROM information_schema.processlist WHERE id = {}",
            }[op.get_bind().dialect.name]
            while connection.exec_driver_sql(gone.format(number)).scalar():
                connection.rollback()
"""
RUNNING = {
    "postgresql": "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'"
    " AND query LIKE 'CREATE %'",
    "mariadb": "SELECT id FROM information_schema.processlist WHERE db = database() AND info LIKE 'CREATE %'",
}
END = {"postgresql": "SELECT pg_terminate_backend({})", "mariadb": "KILL {}"}


def values(project: Project) -> list[Any]:
    return sorted(project.rows("SELECT id, v FROM t"))


@SERVED
@pytest.mark.parametrize("together", [False, True], ids=["each revision", "all revisions"])
def test_cut_within_a_transaction(
    make_project: Callable[..., Project], database: Database, *, together: bool
) -> None:
    project = make_project(database, arguments={"transaction_per_migration": not together})
    project.revision("aaa", upgrade=ROWS)
    work = f'op.execute("UPDATE t SET v = v + 1")\n    {create("u")}\n    op.execute("UPDATE t SET v = v + 10"){CUT}'
    project.revision(
        "bbb", "aaa", upgrade=f'{work}    op.execute("UPDATE t SET v = v + 100")\n    {create("w")}'
    )
    project.flask("db", "upgrade", "aaa")
    result = project.flask("db", "upgrade", ok=False)
    assert result.exit_code == 1
    assert "ended the connection while the command ran" in result.stderr, result.stderr
    assert "stands at revision 'aaa'" in result.stderr
    project.flask("db", "upgrade")
    assert values(project) == [(1, 111), (2, 111)]
    assert {"u", "w"} <= project.tables()
    assert project.version() == ["bbb"]


ONE = 'op.execute("UPDATE t SET v = v + 1")'
LONG = {
    # Waits for every older transaction: the test holds one.
    "postgresql": 'op.create_index("ix_t_v", "t", ["v"], postgresql_concurrently=True)',
    "mariadb": 'op.execute("CREATE TABLE copied AS SELECT id, sleep((SELECT max(seconds) FROM pace)) AS s FROM t")',
}
MADE = {
    "postgresql": "SELECT count(*) FROM pg_index WHERE indexrelid = 'ix_t_v'::regclass AND indisvalid",
    "mariadb": "SELECT count(*) = 2 FROM copied",
}


@SERVED
def test_cut_in_a_statement_outside_of_a_transaction(project: Project) -> None:
    engine = project.database.engine
    project.revision("aaa", upgrade=ROWS)
    block = f"with op.get_context().autocommit_block():\n        {ONE}\n        {LONG[engine]}"
    project.revision("bbb", "aaa", upgrade=f"{block}\n    op.execute('UPDATE t SET v = v + 10')")
    project.flask("db", "upgrade", "aaa")
    with ThreadPoolExecutor(1) as pool, held(project):
        upgrade = pool.submit(crowd, project, "db", "upgrade", number=1)
        wait_until(lambda: bool(upgrade.done() or project.rows(RUNNING[engine])))
        for (number,) in project.rows(RUNNING[engine]):
            project.rows(END[engine].format(number))
        (runner,) = upgrade.result()
    assert runner["code"] == 1
    assert "ended the connection while the command ran" in runner["stderr"], runner["stderr"]
    project.rows("UPDATE pace SET seconds = 0")
    project.flask("db", "upgrade")
    assert values(project) == [(1, 11), (2, 11)]
    assert project.rows(MADE[engine]) == [(1,)]
    assert project.version() == ["bbb"]


@contextmanager
def held(project: Project) -> Iterator[None]:
    """Hold a transaction open that a concurrent index build waits for; others do not mind it."""
    engine = create_engine(project.database.url, poolclass=NullPool)
    with engine.connect() as connection:
        if project.database.engine == "postgresql":
            connection.execute(text("LOCK TABLE t IN ROW EXCLUSIVE MODE"))
        yield


@SERVED
@pytest.mark.parametrize("committed", [True, False])
@pytest.mark.parametrize("what", ["version", "rows"])
def test_cut_at_commit(
    make_project: Callable[..., Project], project: Project, *, what: str, committed: bool
) -> None:
    rows = 'with op.get_context().autocommit_block():\n        op.execute("UPDATE t SET v = v + 1")\n    '
    project.revision("aaa", upgrade=ROWS)
    project.revision("bbb", "aaa", upgrade=f'{rows}{create("u")}\n    op.execute("UPDATE t SET v = v + 10")')
    project.flask("db", "upgrade", "aaa")
    marker = {"version": b"UPDATE t SET v = v + 10", "rows": b"UPDATE t SET v = v + 1"}[what]
    with cut_at_commit(project.database, marker, pass_on=committed) as (through, proxy):
        result = make_project(through, init=None).flask("db", "upgrade", ok=False)
        assert proxy.has_cut
    assert result.exit_code == 1
    if what == "version":
        assert "was lost while revision 'bbb' was being committed" in result.stderr
        assert f"The ledger says that it was {'' if committed else 'not '}committed." in result.stderr
        assert (project.version() == ["bbb"]) == committed
    else:
        assert "ended the connection while the command ran" in result.stderr
        assert project.version() == ["aaa"]
    project.flask("db", "upgrade")
    assert values(project) == [(1, 11), (2, 11)]
    assert "u" in project.tables()
    assert project.version() == ["bbb"]
    project.flask("db", "upgrade")
    assert values(project) == [(1, 11), (2, 11)]
