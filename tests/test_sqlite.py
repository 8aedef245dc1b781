from __future__ import annotations

from contextlib import ExitStack, closing

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from app.sqlite import BEGIN_OPTION, configure


@pytest.fixture
def open_engine(tmp_path):
    engines = []

    def open_one(query: str = "") -> Engine:
        engine = create_engine(f"sqlite:///file:{tmp_path}/site.db?uri=true{query}")
        configure(engine)
        engines.append(engine)
        return engine

    yield open_one
    for engine in engines:
        engine.dispose()


def test_connection_enforces_foreign_keys_in_wal_mode(open_engine):
    with open_engine().connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5000
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE child (parent_id INTEGER REFERENCES parent)")
        with pytest.raises(IntegrityError):
            connection.exec_driver_sql("INSERT INTO child VALUES (1)")


def test_rollback_takes_back_changes_of_the_schema_too(open_engine):
    engine = open_engine()
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE one (id INTEGER)"))
        connection.execute(text("INSERT INTO one VALUES (1)"))
        connection.execute(text("ALTER TABLE one RENAME TO two"))
        connection.rollback()
        assert connection.execute(text("SELECT name FROM sqlite_master")).all() == []


def test_transaction_is_real_again_after_autocommit(open_engine):
    engine = open_engine()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE TABLE one (id INTEGER)"))
    with engine.connect() as connection:
        connection.execute(text("DROP TABLE one"))
        connection.rollback()
        assert connection.execute(text("SELECT name FROM sqlite_master")).scalars().all() == ["one"]


def test_reader_is_not_blocked_by_a_writer(open_engine):
    engine = open_engine()
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE one (id INTEGER)"))
    with engine.connect() as writer, engine.connect() as reader:
        writer.execute(text("INSERT INTO one VALUES (1)"))
        assert reader.execute(text("SELECT count(*) FROM one")).scalar() == 0


def test_begin_immediate_takes_the_write_lock_at_once(open_engine):
    engine, impatient = open_engine(), open_engine()
    event.listen(impatient, "connect", lambda raw, _record: raw.execute("PRAGMA busy_timeout = 0"))
    with ExitStack() as until:
        first = until.enter_context(engine.connect().execution_options(**{BEGIN_OPTION: "IMMEDIATE"}))
        first.execute(text("SELECT 1"))
        second = until.enter_context(impatient.connect().execution_options(**{BEGIN_OPTION: "IMMEDIATE"}))
        with pytest.raises(OperationalError, match="locked"):
            second.execute(text("SELECT 1"))


def test_file_that_may_only_be_read_can_be_read(open_engine, tmp_path):
    with closing(create_engine(f"sqlite:///{tmp_path}/site.db").raw_connection()) as raw:
        raw.execute("CREATE TABLE one (id INTEGER)")
        raw.detach()
    with open_engine("&mode=ro").connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM one")).scalar() == 0


@pytest.mark.leaks("connection", reason="the pool does not report that a failed connection was closed")
def test_connect_fails_where_the_file_is_no_database(open_engine, tmp_path):
    (tmp_path / "site.db").write_bytes(b"no database" * 100)
    with pytest.raises(DatabaseError, match="file is not a database"):
        open_engine().connect()
