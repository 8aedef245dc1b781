from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import NullPool, create_engine, inspect, make_url, text

from tests.databases.servers import Database

DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "mariadb": "mysql+pymysql"}


def test_database_is_empty_and_of_the_engine_it_names(database: Database, engine_name: str) -> None:
    engine = create_engine(database.url, poolclass=NullPool)

    assert database.engine == engine_name
    assert make_url(database.url).drivername == DRIVERS[engine_name]
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []


def test_two_databases_of_one_engine_do_not_see_each_other(
    make_database: Callable[[str], Database], engine_name: str
) -> None:
    one, two = (create_engine(make_database(engine_name).url, poolclass=NullPool) for _ in range(2))

    with one.begin() as connection:
        connection.execute(text("CREATE TABLE parcel (id INTEGER PRIMARY KEY)"))

    with two.connect() as connection:
        assert inspect(connection).get_table_names() == []
