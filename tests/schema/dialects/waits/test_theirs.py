"""A limit that a revision sets holds, and nothing else that is not theirs is given up for it."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from app.schema.core.waits import Miss, Trouble

from .conftest import Connect, MakeWaits, failure_of

on_postgresql = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)

POSTGRESQL = {
    "SET lock_timeout = '2s'": True,
    "set session lock_timeout to 2000": True,
    "-- wait a little\nSET LOCAL lock_timeout = '2s'": True,
    "/* 'x */ SELECT 1; SET lock_timeout = 5": True,
    "SELECT set_config('lock_timeout', '2s', true)": True,
    "SELECT pg_catalog.set_config( 'Lock_Timeout', '2s', false)": True,
    "SET statement_timeout = '2s'": False,
    "RESET lock_timeout": False,
    "SET lock_timeout TO DEFAULT": False,
    "ALTER ROLE app SET lock_timeout = '2s'": False,
    "ALTER DATABASE app SET lock_timeout = '2s'": False,
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET lock_timeout = '2s' AS 'SELECT 1'": False,
    "SELECT 'SET lock_timeout = 5'": False,
    "SHOW lock_timeout": False,
    "SET search_path = lock_timeout": False,
}
MARIADB = {
    "SET lock_wait_timeout = 2": True,
    "SET SESSION lock_wait_timeout=2": True,
    "set @@lock_wait_timeout := 2": True,
    "SET @@session.lock_wait_timeout = 2": True,
    "SET LOCAL foreign_key_checks = 0, `lock_wait_timeout` = 2": True,
    "# why\nSET lock_wait_timeout = 2": True,
    "SET innodb_lock_wait_timeout = 2": False,
    "SET max_statement_time = 2": False,
    "SET GLOBAL lock_wait_timeout = 2": False,
    "SET @@global.lock_wait_timeout = 2": False,
    "SET lock_wait_timeout = DEFAULT": False,
    "SET STATEMENT lock_wait_timeout = 2 FOR ALTER TABLE t ADD c INT": False,
    "ALTER TABLE t WAIT 2 ADD c INT": False,
    "ALTER TABLE t NOWAIT ADD c INT": False,
    "SELECT @@lock_wait_timeout": False,
    "SET @note = ', lock_wait_timeout = 5'": False,
}
SQLITE = {
    "PRAGMA busy_timeout = 2000": True,
    "pragma main.busy_timeout(2000)": True,
    "PRAGMA busy_timeout": False,
    "PRAGMA foreign_keys = ON": False,
    "SELECT 'PRAGMA busy_timeout = 1'": False,
}
CASES = [
    pytest.param(engine, statement, theirs, id=f"{engine}: {statement}")
    for engine, cases in (("postgresql", POSTGRESQL), ("mariadb", MARIADB), ("sqlite", SQLITE))
    for statement, theirs in cases.items()
]


@pytest.mark.parametrize(("engine_name", "statement", "theirs"), CASES, indirect=["engine_name"])
def test_statement_that_limits_waits_for_locks_is_known(
    main: Connection, make_waits: MakeWaits, statement: str, theirs: bool
) -> None:
    assert make_waits(main).theirs(statement) is theirs


OF_LOCKS = {
    "postgresql": ("SET lock_timeout = 1234", "SHOW lock_timeout", "1234ms", "100ms"),
    "mariadb": ("SET lock_wait_timeout = 1234", "SELECT @@lock_wait_timeout", 1234, 1),
    "sqlite": ("PRAGMA busy_timeout = 1234", "PRAGMA busy_timeout", 1234, 100),
}


def test_their_limit_holds_until_the_revision_ends(
    main: Connection, make_waits: MakeWaits, engine_name: str
) -> None:
    statement, query, theirs, ours = OF_LOCKS[engine_name]
    waits = make_waits(main)
    waits.begin()
    assert waits.theirs(statement)
    main.exec_driver_sql(statement)
    for locks in (True, False, True):
        waits.limit(main.connection.cursor(), locks=locks)
        assert main.exec_driver_sql(query).scalar() == theirs
    waits.revision_ended()
    waits.limit(main.connection.cursor(), locks=True)
    assert main.exec_driver_sql(query).scalar() == ours
    main.rollback()
    waits.rolled_back()
    waits.end()


@pytest.mark.parametrize(
    ("engine_name", "statement"),
    [("postgresql", "SET statement_timeout = '50ms'"), ("mariadb", "SET max_statement_time = 0.05")],
    indirect=["engine_name"],
)
def test_waits_for_locks_stay_limited_where_only_another_limit_is_theirs(
    main: Connection, connect: Connect, make_waits: MakeWaits, table: str, statement: str
) -> None:
    waits, other = make_waits(main, lock_timeout=0.02), connect()
    waits.begin()
    assert not waits.theirs(statement)
    main.exec_driver_sql(statement)
    main.commit()
    waits.limit(main.connection.cursor(), locks=True)
    endless = "SELECT COUNT(*) FROM {0} a, {0} b, {0} c, {0} d, {0} e, {0} f".format(
        "information_schema.columns"
    )
    assert failure_of(waits, main, endless) is Trouble.STATEMENT_TIMEOUT

    other.exec_driver_sql("UPDATE parcel SET note = 'held'")
    waits.limit(main.connection.cursor(), locks=True)
    if (
        main.dialect.name != "postgresql"
    ):  # it counts whole seconds, so that their limit would be reached first
        main.exec_driver_sql("SET max_statement_time = 0")
    assert failure_of(waits, main, "ALTER TABLE parcel ADD COLUMN more INTEGER") is Miss.LOCK
    waits.end()


@on_postgresql
@pytest.mark.parametrize("statement", ["RESET lock_timeout", "RESET ALL", "SET lock_timeout TO DEFAULT"])
def test_limit_that_a_revision_takes_away_without_a_new_one_is_set_again(
    main: Connection, make_waits: MakeWaits, statement: str
) -> None:
    waits = make_waits(main)
    waits.begin()
    assert waits.theirs("SET lock_timeout = 0")
    assert not waits.theirs(statement)
    main.exec_driver_sql(statement)
    waits.limit(main.connection.cursor(), locks=True)
    assert main.exec_driver_sql("SHOW lock_timeout").scalar() == "100ms"
    main.commit()
    waits.end()
