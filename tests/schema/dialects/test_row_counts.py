"""Counting on a live database: exact while that is quick, never waiting, never writing, and nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from app.schema.core.loss import Amount, Certainty
from app.schema.dialects.bounded_reads import bounded
from app.schema.dialects.row_counts import Counter
from tests.databases.servers import Database

EXACT, MORE, ABOUT = Certainty.EXACT, Certainty.MORE, Certainty.ABOUT
SETTINGS = {
    "postgresql": "SELECT current_setting('lock_timeout') || current_setting('statement_timeout')"
    " || current_setting('transaction_read_only')",
    "mariadb": "SELECT concat(@@lock_wait_timeout, ' ', @@max_statement_time)",
    "sqlite": "PRAGMA query_only",
}
ANALYZE = {"postgresql": "ANALYZE book", "mariadb": "ANALYZE TABLE book", "sqlite": "ANALYZE"}


@pytest.fixture
def engine(database: Database) -> Engine:
    """An engine on a database with a table `book` of 20 rows; every second one has an author."""
    engine = create_engine(database.url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "CREATE TABLE book (id INTEGER PRIMARY KEY, author VARCHAR(50), price INTEGER DEFAULT 0,"
                " twice INTEGER GENERATED ALWAYS AS (price * 2) STORED)"
            )
        )
        connection.execute(sa.text("CREATE TABLE bare (id INTEGER PRIMARY KEY)"))
        add = sa.text("INSERT INTO book (id, author, price) VALUES (:id, :author, :price)")
        rows = [{"id": n, "author": f"name{n}" if n % 2 else None, "price": 3 * (n > 15)} for n in range(20)]
        connection.execute(add, rows)
    return engine


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


def test_small_tables_are_counted_exactly(connection: Connection) -> None:
    counter = Counter(connection)
    assert counter.rows("book") == Amount(20, EXACT)
    assert counter.rows("bare") == Amount(0, EXACT)
    assert counter.values("book", "author") == Amount(10, EXACT)
    assert counter.values("book", "price") == Amount(4, EXACT)
    assert counter.values("book", "twice") == Amount(0, EXACT)
    assert counter.misfits("book", "author", length=5) == Amount(5, EXACT)
    assert counter.misfits("book", "id", whole="tinyint") == Amount(0, EXACT)


def test_what_is_not_there_is_no_amount(connection: Connection) -> None:
    counter = Counter(connection)
    assert counter.rows("nowhere") is None
    assert counter.values("nowhere", "author") is None
    assert counter.values("book", "nothing") is None


def test_beyond_the_limit_the_number_is_a_bound(connection: Connection) -> None:
    counter = Counter(connection, most=5)
    assert str(counter.values("book", "author").of("value")) == "more than 5 values"  # type: ignore[union-attr]
    assert counter.values("book", "price") == Amount(4, EXACT)


def test_statistics_answer_where_there_is_no_time_to_count(engine: Engine, database: Database) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(ANALYZE[database.engine])).close()
    with engine.connect() as connection:
        counter = Counter(connection, in_all=0)
        rows, values = counter.rows("book"), counter.values("book", "author")
    assert rows is not None
    assert rows.certainty is ABOUT
    assert 18 <= rows.number <= 22
    assert values is not None
    assert values.certainty in (ABOUT, Certainty.AT_MOST)
    assert not values.nothing


def test_unknown_is_never_nothing(connection: Connection) -> None:
    amount = Counter(connection, in_all=0).rows("bare")
    assert amount is not None
    assert not amount.nothing
    assert amount.of("row") == "an unknown number of rows"


@pytest.mark.parametrize("engine_name", ["postgresql", "mariadb"], indirect=True)
def test_locked_table_is_not_waited_for(engine: Engine, database: Database) -> None:
    lock = {"postgresql": "LOCK TABLE book", "mariadb": "LOCK TABLES book WRITE"}[database.engine]
    unlock = {"postgresql": "ROLLBACK", "mariadb": "UNLOCK TABLES"}[database.engine]
    with engine.connect() as other, engine.connect() as connection:
        other.exec_driver_sql(lock)
        amount = Counter(connection).rows("book")
        assert amount is not None
        assert amount.certainty is not EXACT
        other.exec_driver_sql(unlock)
        assert Counter(connection).rows("book") == Amount(20, EXACT)


def test_count_that_takes_too_long_is_broken_off_and_the_transaction_lives_on(
    connection: Connection,
) -> None:
    numbers = "SELECT count(*) FROM book a, book b, book c, book d, book e, book f, book g"
    connection.execute(sa.text("INSERT INTO bare (id) VALUES (1)"))
    with pytest.raises(DBAPIError), bounded(connection, 0.05, 0.05):
        connection.execute(sa.text(numbers)).all()
    assert connection.scalar(sa.text("SELECT count(*) FROM bare")) == 1
    connection.commit()
    assert Counter(connection).rows("bare") == Amount(1, EXACT)


def test_settings_are_as_before(connection: Connection, database: Database) -> None:
    question = sa.text(SETTINGS[database.engine])
    before = connection.scalar(question)
    Counter(connection).rows("book")
    with pytest.raises(DBAPIError), bounded(connection, 1, 1):
        connection.execute(sa.text("SELECT * FROM nowhere"))
    assert connection.scalar(question) == before
    connection.rollback()
    assert connection.scalar(question) == before


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_autocommit_is_no_hindrance(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        assert Counter(connection).rows("book") == Amount(20, EXACT)
        assert Counter(connection).rows("nowhere") is None
        assert connection.scalar(sa.text("SHOW statement_timeout")) == "0"


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_no_lock_is_held_afterwards(engine: Engine) -> None:
    with engine.connect() as connection, engine.connect() as other:
        connection.execute(sa.text("SELECT 1"))
        assert Counter(connection).rows("book") == Amount(20, EXACT)
        other.execute(sa.text("SET lock_timeout = '100ms'"))
        other.execute(sa.text("LOCK TABLE book IN ACCESS EXCLUSIVE MODE"))
