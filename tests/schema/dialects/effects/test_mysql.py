"""The catalogue of MySQL and MariaDB beside real servers.

MariaDB is the one of the test session. Set TEST_MYSQL_URL or TEST_MARIADB11_URL (`mysql+pymysql://root@host:port/`)
to compare with those servers as well: their tests are collected only then.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine, make_url
from sqlalchemy.exc import DBAPIError

from app.schema.core.effect import Effect
from app.schema.core.server import Server
from app.schema.dialects.effects import effects_of, strongest
from tests.databases.servers import Database
from tests.schema.dialects.effects.cases import Case, Change
from tests.schema.dialects.effects.mysql_cases import CHANGES, TABLES
from tests.schema.dialects.effects.mysql_state import state_of

SERVERS = {"mariadb": None, "mysql": "TEST_MYSQL_URL", "mariadb11": "TEST_MARIADB11_URL"}
HERE = [name for name, variable in SERVERS.items() if variable is None or os.environ.get(variable)]
ALGORITHMS = ("INSTANT", "NOCOPY", "INPLACE", "COPY")
LOCKS = ("NONE", "SHARED", "EXCLUSIVE", "")
NOT_THIS_WAY = (1845, 1846, 1221, 1064, 1235, 1800)
UNSAFE_FOR_REPLICAS = 1674
FILES = {
    "mariadb": ("INNODB_SYS_TABLES", "INNODB_SYS_INDEXES"),
    "mysql": ("INNODB_TABLES", "INNODB_INDEXES"),
}


@dataclass(frozen=True)
class Seen:
    """The best way in which a statement was accepted, and whether the table and its indexes are new files."""

    algorithm: str
    lock: str
    rewrites: bool
    builds_index: bool


PAIRS = [
    pytest.param(name, change, id=f"{name}: {change.id}")
    for name in HERE
    for change in CHANGES
    if name.removesuffix("11") in change.engines
]


@pytest.fixture(scope="module")
def engine(
    request: pytest.FixtureRequest, lend_database: Callable[[str, ExitStack], Database]
) -> Iterator[Engine]:
    variable = SERVERS[request.param]
    with ExitStack() as until:
        url = make_url(lend_database("mariadb", until).url if variable is None else os.environ[variable])
        if variable is not None:
            url = url.set(database=f"strata_test_{secrets.token_hex(6)}")
        yield create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")


@pytest.fixture(scope="module")
def server(engine: Engine) -> Server:
    with create_engine(engine.url.set(database=""), poolclass=NullPool).connect() as connection:
        version = str(connection.exec_driver_sql("SELECT version()").scalar_one())
    name = "mariadb" if "MariaDB" in version else "mysql"
    return Server(name, tuple(int(part) for part in re.findall(r"\d+", version)[:3]))


@pytest.fixture
def case(change: Change, server: Server) -> Case:
    return change.for_server(server)


@pytest.fixture
def connection(case: Case, engine: Engine) -> Iterator[Connection]:
    """A connection to a database with the tables that the case is about, which is this test's alone."""
    name = engine.url.database
    wanted = {"p", *re.findall(r"\w+", " ".join(case.statements))}
    admin = create_engine(engine.url.set(database=""), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with admin.connect() as server:
        server.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        server.exec_driver_sql(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        with engine.connect() as one:
            for statement in (
                part for table, both in TABLES.items() if table in wanted for part in both.split(";")
            ):
                one.exec_driver_sql(statement)
            yield one
        server.exec_driver_sql(f"DROP DATABASE {name}")


def asking(statement: str, algorithm: str, lock: str) -> str:
    """Return a statement with ALGORITHM and LOCK clauses, which stand elsewhere for indexes than for tables."""
    words = [f"ALGORITHM={algorithm}"] + ([f"LOCK={lock}"] if lock else [])
    # MariaDB's DROP INDEX takes no ALGORITHM; it is ALTER TABLE in other words.
    statement = re.sub(r"DROP INDEX (\S+) ON (\S+)", r"ALTER TABLE \2 DROP INDEX \1", statement)
    match = re.match(r"(ALTER TABLE \S+) (.*)", statement, re.DOTALL)
    if match is None:
        return f"{statement} {' '.join(words)}"
    comma = "" if match[2].startswith("PARTITION BY") else ","
    return f"{match[1]} {', '.join(words)}{comma} {match[2]}"


def best(connection: Connection, statement: str) -> tuple[str, str] | None:
    """Run a statement in the best way that the server accepts; None if it refuses it altogether."""
    for algorithm in ALGORITHMS:
        for lock in LOCKS:
            try:
                connection.exec_driver_sql(asking(statement, algorithm, lock))
            except DBAPIError as problem:
                code = problem.orig.args[0] if problem.orig else 0
                if code == UNSAFE_FOR_REPLICAS:
                    return None
                if code not in NOT_THIS_WAY and "PARTITION BY" not in statement:
                    raise
            else:
                return algorithm, lock
    raise AssertionError(f"no way is accepted for: {statement}")


def files(connection: Connection, server: Server) -> tuple[set[int], set[int]]:
    """Return the ids of the tables' and of the indexes' files."""
    tables, indexes = FILES[server.engine]
    own = "NAME LIKE CONCAT(DATABASE(), '/%%') AND NAME NOT LIKE '%%/FTS\\_%%'"
    ids = {
        row[0]
        for row in connection.exec_driver_sql(f"SELECT TABLE_ID FROM information_schema.{tables} WHERE {own}")
    }
    query = f"SELECT INDEX_ID, TABLE_ID FROM information_schema.{indexes} WHERE NAME NOT LIKE 'FTS\\_%%'"
    return ids, {row[0] for row in connection.exec_driver_sql(query) if row[1] in ids}


def observed(connection: Connection, case: Case, server: Server) -> Seen | None:
    tables, indexes = files(connection, server)
    ways = [best(connection, statement) for statement in case.statements]
    if None in ways:
        return None
    after, indexes_after = files(connection, server)
    rewrites = not tables <= after
    algorithm = max((way[0] for way in ways if way), key=ALGORITHMS.index)
    lock = max((way[1] for way in ways if way), key=("", *LOCKS[:-1]).index)
    return Seen(algorithm, lock, rewrites, not rewrites and not indexes_after <= indexes)


def predicted(case: Case, connection: Connection, server: Server) -> Effect:
    state = state_of(connection)
    effects = [effects_of(step, state, server)[0] for step in case.steps]
    together = effects[0]
    for effect in effects[1:]:
        together = strongest(together, effect)
    return together


@pytest.mark.parametrize(("engine", "change"), PAIRS, indirect=["engine"])
def test_prediction_equals_observation(case: Case, connection: Connection, server: Server) -> None:
    expected = predicted(case, connection, server)

    seen = observed(connection, case, server)

    assert expected.evidence
    if seen is None:  # MySQL refuses it: the prediction has to be the worst.
        assert expected.algorithm == "COPY"
        return
    # MariaDB takes any ALGORITHM for a change of engine or partitions, but copies and keeps the lock of a copy.
    algorithm = "COPY" if seen.rewrites and seen.algorithm == "INSTANT" else seen.algorithm
    assert (expected.algorithm, expected.lock.removeprefix("LOCK="), expected.rewrites) == (
        algorithm,
        seen.lock or expected.lock.removeprefix("LOCK="),  # MySQL takes no LOCK beside INSTANT.
        seen.rewrites,
    )
    assert seen.rewrites or expected.builds_index == seen.builds_index
