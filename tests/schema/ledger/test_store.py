"""The table `schema_ledger` on every engine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine, text

from app.schema.core.entry import Entry, Kind, Page, Result
from app.schema.ledger.store import LedgerStore, new_id
from tests.databases.servers import Database

SOURCE = '"""Größe"""\r\nrevision = "aaa"\r\n'.encode()


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    made = create_engine(database.url, poolclass=NullPool)
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        LedgerStore(connection, "alembic_version", None).create()
        connection.commit()
        yield connection


def entry(revision: str, **fields: object) -> Entry:
    page = Page(
        revision, f"{revision}_.py", ("zzz", 'with "quotes"'), SOURCE, "1" * 64, "2" * 64, None, "Größe"
    )
    made = Entry(page, "upgrade", Kind.UPGRADE, Result.DONE, id=new_id(), attempt=new_id(), heads=("b", "a"))
    return replace(made, user="böse", host="here", pid=7, server="x:1", tool="1", **fields)  # type: ignore[arg-type]


def test_entry_comes_back_as_it_was_written(connection: Connection) -> None:
    store = LedgerStore(connection, "alembic_version", None)
    before = entry("aaa", error="E\nß", note="because", code="c0de", attempts=3, longest_wait=0.25)
    store.add([before])
    (after,) = store.read(sources=True)
    moments = {"number": after.number, "started_at": after.started_at, "ended_at": after.ended_at}
    assert after == replace(before, heads=("a", "b"), **moments)  # type: ignore[arg-type]
    (without,) = store.read()
    assert without.page.source is None


def test_moments_are_those_of_the_database_in_utc_with_fractions(connection: Connection) -> None:
    zone = {"postgresql": "SET TimeZone = 'Asia/Tokyo'", "mysql": "SET time_zone = '+09:00'"}
    if connection.dialect.name in zone:
        connection.execute(text(zone[connection.dialect.name]))
    store = LedgerStore(connection, "alembic_version", None)
    for number in range(3):
        store.add([entry(f"r{number}", duration=90.25)])
    store.add([entry("begun", result=Result.STARTED)])
    *entries, begun = store.read()
    for found in entries:
        assert found.started_at is not None
        assert found.ended_at is not None
        assert abs(found.ended_at - found.started_at - timedelta(seconds=90.25)) < timedelta(milliseconds=2)
        assert abs(found.ended_at - datetime.now(UTC)) < timedelta(seconds=30)
    assert any(found.ended_at.microsecond for found in entries if found.ended_at)
    assert begun.ended_at is None
    assert begun.moment == begun.started_at


def test_time_goes_on_within_a_transaction(connection: Connection) -> None:
    store = LedgerStore(connection, "alembic_version", None)
    store.add([entry("aaa")])
    pause = {"postgresql": "SELECT pg_sleep(0.05)", "mysql": "SELECT sleep(0.05)"}
    if connection.dialect.name in pause:
        connection.execute(text(pause[connection.dialect.name]))
    else:
        threading.Event().wait(0.05)
    store.add([entry("bbb")])
    first, second = store.read()
    assert first.ended_at is not None
    assert second.ended_at is not None
    assert second.ended_at - first.ended_at >= timedelta(seconds=0.04)


def test_several_entries_keep_their_order(connection: Connection) -> None:
    store = LedgerStore(connection, "alembic_version", None)
    names = [f"r{number:03}" for number in range(50)]
    store.add([entry(name) for name in names])
    assert [found.revision for found in store.read()] == names
    assert [found.revision for found in store.read(newest=2)] == names[-2:]
    assert [found.revision for found in store.read(revision="r007")] == ["r007"]


def test_version_tables_of_one_database_have_ledgers_of_their_own(connection: Connection) -> None:
    one, other = (LedgerStore(connection, name, None) for name in ("alembic_version", "other"))
    one.add([entry("aaa")])
    other.add([entry("bbb")])
    assert [found.revision for found in one.read()] == ["aaa"]
    assert [found.revision for found in other.read()] == ["bbb"]


def test_attempt_is_had_once_it_is_done(connection: Connection) -> None:
    store = LedgerStore(connection, "alembic_version", None)
    begun = entry("aaa", result=Result.STARTED)
    store.add([begun])
    assert not store.has(begun.attempt)
    store.add([replace(begun, id=new_id(), result=Result.DONE)])
    assert store.has(begun.attempt)


def test_large_source_is_kept_whole(connection: Connection) -> None:
    store = LedgerStore(connection, "alembic_version", None)
    # Bytes that cannot be compressed, more than a BLOB of MySQL holds.
    source = b"".join(new_id().encode() + bytes(range(256)) for _ in range(2000))
    store.add([replace(entry("aaa"), page=replace(entry("aaa").page, source=source))])
    assert store.read(sources=True)[0].page.source == source


def test_two_may_create_it_at_the_same_moment(engine: Engine) -> None:
    problems: list[BaseException] = []
    barrier = threading.Barrier(4)

    def create() -> None:
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
                barrier.wait()
                LedgerStore(connection, "alembic_version", None).create()
                connection.commit()
        except Exception as error:  # noqa: BLE001  # whatever it is, the test shows it
            problems.append(error)

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with engine.connect() as connection:
        assert LedgerStore(connection, "alembic_version", None).exists()
        assert LedgerStore(connection, "alembic_version", None).read() == []
