"""The shared databases at head: what one test does to them, the next one does not see."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import NullPool, create_engine, inspect, text

from extensions import db
from models import User
from tests.databases.servers import Database
from tests.migrated import MigratedDatabases


def write_a_user(app: Flask) -> None:
    with app.app_context():
        db.session.add(User(email="ada@example.org", password_hash="x", display_name="Ada"))
        db.session.commit()


def users(database: Database) -> int:
    engine = create_engine(database.url, poolclass=NullPool)
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {quoted(database)}")).scalar_one())


def quoted(database: Database) -> str:
    return "`user`" if database.engine == "mariadb" else '"user"'


def test_rows_are_gone_in_the_next_test(
    migrated: MigratedDatabases, make_app: Callable[..., Flask], engine_name: str
) -> None:
    with migrated.lend(engine_name, make_app) as database:
        write_a_user(make_app(database))
        assert users(database) == 1

    with migrated.lend(engine_name, make_app) as again:
        assert again == database
        assert users(again) == 0


def test_changed_schema_is_not_lent_again(
    migrated: MigratedDatabases, make_app: Callable[..., Flask], engine_name: str
) -> None:
    with migrated.lend(engine_name, make_app) as database:
        engine = create_engine(database.url, poolclass=NullPool)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE parcel (id INTEGER PRIMARY KEY)"))

    with migrated.lend(engine_name, make_app) as new:
        engine = create_engine(new.url, poolclass=NullPool)
        with engine.connect() as connection:
            assert "parcel" not in inspect(connection).get_table_names()


def test_app_and_client_work_on_every_engine(app: Flask, engine_name: str) -> None:
    with app.app_context():
        assert db.session.query(User).count() == 0
        assert db.engine.dialect.name in {engine_name, "mysql" if engine_name == "mariadb" else engine_name}
