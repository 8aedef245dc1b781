"""What depends on how a server, a role or a pooler is set up: each on a server that is set up so."""

from __future__ import annotations

import dataclasses
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, NullPool, create_engine, make_url
from sqlalchemy.exc import DBAPIError

from app.schema.core.errors import SchemaError
from tests.databases.mariadb import MARIADB
from tests.databases.pgbouncer import pooled, required
from tests.databases.postgresql import POSTGRESQL
from tests.databases.servers import Database, Engine, Folder, Unavailable, find

from .conftest import Connect, MakeWaits, Running, until

CHANGE = "ALTER TABLE parcel ADD COLUMN more INTEGER"

AUTOVACUUM, MDL, PLUGIN = "postgresql of its own", "mariadb that watches locks", "mariadb with a plugin"
SETUPS = {
    AUTOVACUUM: ("-c", "max_prepared_transactions=5", "-c", "autovacuum_naptime=1s"),
    MDL: (
        "--performance-schema=1",
        "--performance-schema-instrument=wait/lock/metadata/sql/mdl=ON",
        "--performance-schema-instrument=statement/%=ON",
        "--performance-schema-consumer-events-statements-current=ON",
        "--max-statement-time=30",
        "--maximum-lock-wait-timeout=3600",
        "--wait-timeout=60",
        "--maximum-wait-timeout=600",
        "--idle-transaction-timeout=60",
    ),
    PLUGIN: ("--plugin-load-add=metadata_lock_info", "--wait-timeout=60"),
}


@contextmanager
def _served(engine: Engine, options: tuple[str, ...]) -> Iterator[Database]:
    """Start a server with further options, for as long as the block, with one database."""
    if not list(engine.folders()):
        pytest.skip(f"no {engine.label} here: {engine.how_to_get} (this test needs the server programs)")

    def prepare(programs: Path, folder: Folder, port: int) -> list[str]:
        # The last one of two counts.
        return [*engine.prepare(programs, folder, port), *options]

    with subprocess.Popen(["sleep", "600"]) as session:  # the server ends when this does
        try:
            server = find(dataclasses.replace(engine, standard=(), prepare=prepare), {}, session.pid)
            yield engine.new_database(server)
        finally:
            session.kill()


@pytest.fixture(scope="module")
def serve() -> Iterator[Callable[[str], Database]]:
    """Return a function from the name of a setup to a database there."""
    with ExitStack() as stack:
        started: dict[str, Database] = {}

        def start(setup: str) -> Database:
            engine = POSTGRESQL if setup == AUTOVACUUM else MARIADB
            if setup not in started:
                started[setup] = stack.enter_context(_served(engine, SETUPS[setup]))
            return started[setup]

        yield start


@pytest.fixture
def database(
    engine_name: str, make_database: Callable[[str], Database], serve: Callable[[str], Database]
) -> Iterator[Database]:
    """The database of a setup that is named instead of an engine; a new one of an engine otherwise."""
    if engine_name not in SETUPS:
        yield make_database(engine_name)
        return
    found = serve(engine_name)
    yield found
    engine = create_engine(found.url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS parcel")


def on(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("engine_name", names, indirect=True)


def setting(connection: Connection, name: str) -> str:
    query = f"SELECT setting FROM pg_settings WHERE name = '{name}'"
    if connection.dialect.name != "postgresql":
        query = f"SELECT @@SESSION.{name}"
    value = str(connection.exec_driver_sql(query).scalar_one())
    connection.rollback()
    return value


@contextmanager
def waiting(main: Connection, holder: Connection, end: str = "ROLLBACK", sql: str = CHANGE) -> Iterator[None]:
    running = Running(main, sql)
    try:
        yield
    finally:
        holder.exec_driver_sql(end)
        assert running.join() is None


@on("postgresql")
def test_limits_of_a_database_do_not_end_a_migration(
    database: Database, connect: Connect, make_waits: MakeWaits
) -> None:
    theirs = {"statement_timeout": "50", "idle_in_transaction_session_timeout": "60", "lock_timeout": "70"}
    for name, value in theirs.items():
        connect(autocommit=True).exec_driver_sql(
            f"ALTER DATABASE {make_url(database.url).database} SET {name} = {value}"
        )
    main = connect()
    assert {name: setting(main, name) for name in theirs} == theirs
    waits = make_waits(main)
    waits.begin()
    waits.limit(main.connection.cursor(), locks=False)
    main.connection.commit()
    assert {name: setting(main, name) for name in theirs} == dict.fromkeys(theirs, "0")
    waits.end()
    assert {name: setting(main, name) for name in theirs} == theirs


@on("postgresql")
def test_statement_timeout_that_env_py_has_set_stays(main: Connection, make_waits: MakeWaits) -> None:
    main.exec_driver_sql("SET statement_timeout = '9s'")
    main.commit()
    waits = make_waits(main)
    waits.begin()
    for locks in (True, False):
        waits.limit(main.connection.cursor(), locks=locks)
        assert setting(main, "statement_timeout") == "9000"
        waits.rolled_back()
    waits.end()
    assert setting(main, "statement_timeout") == "9000"


@on(MDL)
def test_limits_of_a_server_are_lifted_as_far_as_it_lets_us(main: Connection, make_waits: MakeWaits) -> None:
    names = ("max_statement_time", "idle_transaction_timeout", "wait_timeout")
    before = {name: setting(main, name) for name in names}
    assert before == {"max_statement_time": "30.0", "idle_transaction_timeout": "60", "wait_timeout": "60"}
    said: list[str] = []
    waits = make_waits(main, tell=said.append)
    waits.begin()
    assert float(setting(main, "max_statement_time")) == 0
    assert setting(main, "idle_transaction_timeout") == "0"
    assert setting(main, "wait_timeout") == "600"
    assert said == ["The server ends this session after 600 s without a statement (`wait_timeout`)."]
    waits.end()
    assert {name: setting(main, name) for name in names} == before


@on(PLUGIN)
def test_session_is_not_closed_for_being_idle(main: Connection, make_waits: MakeWaits) -> None:
    said: list[str] = []
    waits = make_waits(main, tell=said.append)
    waits.begin()
    assert (setting(main, "wait_timeout"), said) == ("28800", [])
    waits.end()
    assert setting(main, "wait_timeout") == "60"


@on(MDL)
def test_limit_that_a_server_does_not_keep_is_refused(main: Connection, make_waits: MakeWaits) -> None:
    waits = make_waits(main, lock_timeout=7200.0)
    with pytest.raises(SchemaError) as error:
        waits.begin()
    assert "`lock_wait_timeout` was set to 7200 and is 3600. Nothing was run." in error.value.found
    assert "`maximum-lock-wait-timeout`" in str(error.value.hint)


@pytest.fixture
def behind(make_database: Callable[[str], Database]) -> Iterator[Database]:
    """A database behind a pooler that takes back what a client set when its transaction ends."""
    with ExitStack() as stack:
        try:
            settings = ("server_reset_query = DISCARD ALL", "server_reset_query_always = 1")
            yield stack.enter_context(pooled(make_database("postgresql"), "transaction", *settings))
        except Unavailable as reason:
            if required():
                pytest.fail(str(reason), pytrace=False)
            pytest.skip(str(reason))


def test_limit_that_a_pooler_takes_back_is_refused(behind: Database, make_waits: MakeWaits) -> None:
    with create_engine(behind.url, poolclass=NullPool).connect() as main:
        with pytest.raises(SchemaError) as error:
            make_waits(main).begin()
        assert "`lock_timeout` was set to 100 ms and is 0 ms in the next transaction" in error.value.found
        assert "Set SCHEMA_DIRECT_URL" in str(error.value.hint)
        assert setting(main, "lock_timeout") == "0"


@on(AUTOVACUUM)
def test_prepared_transaction_is_named(
    main: Connection, connect: Connect, make_waits: MakeWaits, table: str
) -> None:
    waits, holder, observer = make_waits(main, lock_timeout=600.0), connect(), connect(autocommit=True)
    waits.begin()
    holder.exec_driver_sql("UPDATE parcel SET note = 'held'")
    holder.exec_driver_sql("PREPARE TRANSACTION 'nightly'")
    holder.rollback()
    with waiting(main, observer, end="ROLLBACK PREPARED 'nightly'"):
        until(lambda: waits.blockers(observer))
        (blocker,) = waits.blockers(observer)
        long = waits.long_transactions(observer, 0.0)
        assert waits.long_transactions(observer, 3600.0) == ()
    main.rollback()
    user = make_url(str(main.engine.url)).username
    assert blocker.age is not None
    assert (blocker.pid, blocker.user, blocker.state) == (
        None,
        user,
        "prepared as 'nightly' and not committed",
    )
    assert str(blocker).startswith(f"a transaction, user '{user}', open for ")
    assert [it.state for it in long] == [blocker.state]
    waits.end()


def vacuumed(admin: Connection, *, freeze: bool = False) -> None:
    """Let the server clean the table, as slowly as it can."""
    admin.exec_driver_sql(
        "INSERT INTO parcel SELECT it, repeat('x', 20) FROM generate_series(2, 30000) it;"
        "DELETE FROM parcel WHERE id > 2"
    )
    options = "autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_limit = 1"
    if freeze:
        options += ", autovacuum_freeze_max_age = 100000, autovacuum_enabled = off"
    admin.exec_driver_sql(f"ALTER TABLE parcel SET ({options}, autovacuum_vacuum_cost_delay = 100)")
    if freeze:
        spend = "DO $$ BEGIN FOR i IN 1..100001 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"
        admin.exec_driver_sql(spend)
    running = "SELECT count(*) FROM pg_stat_progress_vacuum WHERE relid = 'parcel'::regclass"
    until(lambda: admin.exec_driver_sql(running).scalar())


@on(AUTOVACUUM)
def test_autovacuum_gives_way_to_an_attempt_however_short(
    main: Connection, connect: Connect, make_waits: MakeWaits, table: str
) -> None:
    waits, admin = make_waits(main), connect(autocommit=True)
    waits.begin()
    vacuumed(admin)
    until(lambda: attempt(main))
    finished = "SELECT autovacuum_count FROM pg_stat_all_tables WHERE relid = 'parcel'::regclass"
    assert admin.exec_driver_sql(finished).scalar() == 0
    waits.end()


def attempt(main: Connection) -> bool:
    try:
        main.exec_driver_sql(CHANGE)
    except DBAPIError:
        main.rollback()
        return False
    main.commit()
    return True


@on(AUTOVACUUM)
@pytest.mark.parametrize(
    ("freeze", "state"),
    [
        (False, "autovacuum, which gives way to whoever waits for 1s"),
        (True, "autovacuum to prevent wraparound, which gives way to nobody"),
    ],
)
def test_autovacuum_is_called_by_its_name(
    main: Connection, connect: Connect, make_waits: MakeWaits, table: str, freeze: bool, state: str
) -> None:
    waits, admin = make_waits(main, lock_timeout=600.0), connect(autocommit=True)
    waits.begin()
    main.exec_driver_sql("SET deadlock_timeout = '600s'")
    main.commit()
    vacuumed(admin, freeze=freeze)
    with waiting(main, admin, end="SELECT pg_cancel_backend(pid) FROM pg_stat_progress_vacuum"):
        until(lambda: waits.blockers(admin))
        (blocker,) = waits.blockers(admin)
    main.commit()
    assert (blocker.state, blocker.user) == (state, None)
    assert blocker.query is not None
    assert blocker.query.startswith("autovacuum: VACUUM")
    waits.end()


@on(MDL)
def test_blocker_is_known_where_the_server_watches_metadata_locks(
    database: Database, main: Connection, connect: Connect, make_waits: MakeWaits, table: str
) -> None:
    waits, bystander, observer = make_waits(main, lock_timeout=600.0), connect(), connect(autocommit=True)
    waits.begin()
    report = create_engine(
        database.url, poolclass=NullPool, connect_args={"program_name": "report of the night"}
    )
    observer.exec_driver_sql("CREATE TABLE IF NOT EXISTS other (id INTEGER)")
    bystander.exec_driver_sql("SELECT * FROM other").all()
    with report.connect() as holder:
        session = holder.exec_driver_sql("SELECT CONNECTION_ID()").scalar_one()
        holder.exec_driver_sql("SELECT * FROM parcel WHERE note = 'geheim'").all()
        with waiting(main, holder):
            until(lambda: waits.blockers(observer))
            (blocker,) = waits.blockers(observer)
    assert (blocker.pid, blocker.application, blocker.state) == (
        session,
        "report of the night",
        "idle in transaction",
    )
    assert blocker.query == "SELECT * FROM parcel WHERE note = ?"
    waits.end()


@on(MDL, PLUGIN)
def test_table_that_is_locked_without_a_transaction_is_known_too(
    main: Connection, connect: Connect, make_waits: MakeWaits, table: str
) -> None:
    waits, holder, observer = (
        make_waits(main, lock_timeout=600.0),
        connect(autocommit=True),
        connect(autocommit=True),
    )
    waits.begin()
    session = holder.exec_driver_sql("SELECT CONNECTION_ID()").scalar_one()
    holder.exec_driver_sql("LOCK TABLES parcel READ")
    with waiting(main, holder, end="UNLOCK TABLES"):
        until(lambda: waits.blockers(observer))
        (blocker,) = waits.blockers(observer)
    assert (blocker.pid, blocker.state) == (session, "idle")
    waits.end()
