from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy import NullPool, create_engine

from app.schema.core.functions import (
    POSTGRESQL_IMMUTABLE,
    POSTGRESQL_STABLE,
    POSTGRESQL_VOLATILE,
    Volatility,
    unknown_functions,
    volatility,
)
from app.schema.core.server import Server
from tests.databases.servers import Database

POSTGRESQL, MARIADB = Server.parse("postgresql:15"), Server.parse("mariadb:10.11")


@pytest.mark.parametrize(
    ("default", "expected"),
    [
        (None, Volatility.CONSTANT),
        ("random()", Volatility.CONSTANT),  # A Python string is a literal.
        (sa.text("5"), Volatility.CONSTANT),
        (sa.text("'random()'"), Volatility.CONSTANT),
        (sa.text("'a'::varchar(10)"), Volatility.CONSTANT),
        (sa.text("CAST('1' AS numeric(10, 2))"), Volatility.CONSTANT),
        (sa.text("'{}'::jsonb"), Volatility.CONSTANT),
        (sa.text("upper('a')"), Volatility.CONSTANT),
        (sa.func.now(), Volatility.STABLE),
        (sa.text("CURRENT_TIMESTAMP(3)"), Volatility.STABLE),
        (sa.text("(now() AT TIME ZONE 'utc')"), Volatility.STABLE),
        (sa.text("gen_random_uuid()"), Volatility.VOLATILE),
        (sa.text("pg_catalog.random()"), Volatility.VOLATILE),
        (sa.text("md5(random()::text)"), Volatility.VOLATILE),
        (sa.text("nextval('s'::regclass)"), Volatility.VOLATILE),
        (sa.Sequence("s"), Volatility.VOLATILE),
        (sa.text("app.next_code(5)"), Volatility.UNKNOWN),
        (sa.text("coalesce(next_code(), 'x')"), Volatility.UNKNOWN),
    ],
)
def test_default_is_as_volatile_as_its_worst_part(default: object, expected: Volatility) -> None:
    assert volatility(default, POSTGRESQL) is expected


@pytest.mark.parametrize(
    ("default", "expected"),
    [
        (sa.text("(uuid())"), Volatility.VOLATILE),
        (sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"), Volatility.STABLE),
        (sa.text("(3)"), Volatility.CONSTANT),
    ],
)
def test_default_of_mariadb_is_judged_by_its_own_functions(default: object, expected: Volatility) -> None:
    assert volatility(default, MARIADB) is expected


def test_functions_that_facts_tell_about_are_known() -> None:
    default = sa.text("next_code() || other_code()")

    assert unknown_functions(default, POSTGRESQL) == ("next_code", "other_code")
    assert volatility(default, POSTGRESQL, stable=frozenset(("next_code", "other_code"))) is Volatility.STABLE


@pytest.mark.parametrize(
    ("names", "letter"), [(POSTGRESQL_VOLATILE, "v"), (POSTGRESQL_STABLE, "s"), (POSTGRESQL_IMMUTABLE, "i")]
)
def test_table_agrees_with_the_catalogue_of_postgresql(
    names: frozenset[str], letter: str, make_database: Callable[[str], Database]
) -> None:
    """A function with overloads of several classes stands with the worst of them."""
    query = sa.text(
        "SELECT proname, max(CASE provolatile WHEN 'v' THEN 3 WHEN 's' THEN 2 ELSE 1 END) FROM pg_proc"
        " WHERE pronamespace = 'pg_catalog'::regnamespace AND proname = ANY(:names) GROUP BY 1"
    )
    with create_engine(make_database("postgresql").url, poolclass=NullPool).connect() as connection:
        found = dict(connection.execute(query, {"names": list(names)}).all())

    rank = {"v": 3, "s": 2, "i": 1}[letter]
    assert {name: found.get(name) for name in names} == dict.fromkeys(names, rank)
