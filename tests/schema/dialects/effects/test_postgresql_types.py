"""Each change from one type to another, 52 times 52 of them, on a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import DBAPIError

from app.schema.core.types import TypeName, parse
from app.schema.dialects.effects.postgresql_types import postgresql_type_change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from app.schema.core.server import Server

TYPES = (
    "smallint", "integer", "bigint", "numeric", "numeric(10,2)", "numeric(12,2)", "numeric(12,4)", "real",
    "double precision", "money", "oid", "text", "varchar", "varchar(10)", "varchar(20)", "char(5)", "char(9)",
    "boolean", "date", "timestamp", "timestamp(3)", "timestamptz", "timestamptz(3)", "time", "time(3)", "timetz",
    "interval",
    "interval(3)", "json", "jsonb", "cidr", "inet", "macaddr", "macaddr8", "bit(4)", "bit(8)", "bit varying(8)",
    "bit varying(16)", "bit varying", "uuid", "bytea", "xml", "tsvector", "name", "integer[]", "bigint[]", "text[]",
    "varchar[]", "varchar(10)[]", "varchar(20)[]", "mood", "weather",
)  # fmt: skip
WITHOUT_ORDER = ("json", "xml", "tsvector")
FILES = "SELECT pg_relation_filenode('pair'), pg_relation_filenode(to_regclass('pair_value'))"
CANNOT_CAST = "42804"


@pytest.fixture(scope="module")
def connection(empty_engine: Engine) -> Iterator[Connection]:
    with empty_engine.connect() as connection:
        connection.exec_driver_sql("CREATE TYPE mood AS ENUM ('calm', 'merry')")
        connection.exec_driver_sql("CREATE TYPE weather AS ENUM ('rain', 'snow')")
        yield connection


def observed(connection: Connection, old: str, new: str) -> tuple[bool, bool, bool | None] | None:
    """Return whether the change is refused, rewrites and rebuilds the index; the last is None without an index."""
    indexed = old not in WITHOUT_ORDER and new not in WITHOUT_ORDER
    with connection.begin_nested() as attempt:
        connection.exec_driver_sql(f"CREATE TABLE pair (id integer, value {old})")
        connection.exec_driver_sql("INSERT INTO pair VALUES (1, NULL)")
        if indexed:
            connection.exec_driver_sql("CREATE INDEX pair_value ON pair (value)")
        before = connection.exec_driver_sql(FILES).one()
        try:
            connection.exec_driver_sql(f"ALTER TABLE pair ALTER value TYPE {new}")
            after = connection.exec_driver_sql(FILES).one()
            return False, before[0] != after[0], before[1] != after[1] if indexed else None
        except DBAPIError as problem:
            if getattr(problem.orig, "sqlstate", None) != CANNOT_CAST:
                raise
            return None
        finally:
            attempt.rollback()


def named(sql: str, server: Server) -> TypeName:
    name = parse(sql, server)
    assert name is not None
    return name


@pytest.mark.parametrize(
    ("using", "rewrites"),
    [
        ("value", False),
        ('("value")', False),
        ("value::text", False),
        ("value::varchar(90)", False),
        ("CAST(value AS varchar(90))", False),
        ("value::varchar(5)", True),
        ("value::integer", True),
        ("lower(value)", True),
        ("value || ''", True),
    ],
)
def test_using_is_read_for_what_it_computes(
    using: str, rewrites: bool, connection: Connection, server: Server
) -> None:
    change = postgresql_type_change(
        named("varchar(20)", server), named("text", server), server, using, "value"
    )

    with connection.begin_nested() as attempt:
        connection.exec_driver_sql("CREATE TABLE pair (value varchar(20))")
        before = connection.exec_driver_sql(FILES).one()
        connection.exec_driver_sql(f"ALTER TABLE pair ALTER value TYPE text USING {using}")
        moved = before != connection.exec_driver_sql(FILES).one()
        attempt.rollback()

    assert (change.rewrites, moved) == (rewrites, rewrites)


@pytest.mark.parametrize("old", TYPES)
def test_change_to_each_type_is_predicted(old: str, connection: Connection, server: Server) -> None:
    wrong = []
    for new in TYPES:
        seen = observed(connection, old, new)
        change = postgresql_type_change(named(old, server), named(new, server), server)
        rebuilds = None if seen is None or seen[2] is None else change.rebuilds_indexes
        expected = None if change.needs_using else (False, change.rewrites, rebuilds)
        if expected != seen:
            wrong.append((new, expected, seen))
    assert wrong == []


def test_unknown_type_is_taken_for_the_worst(server: Server) -> None:
    change = postgresql_type_change(None, named("text", server), server)

    assert (change.rewrites, change.rebuilds_indexes, change.known) == (True, True, False)
