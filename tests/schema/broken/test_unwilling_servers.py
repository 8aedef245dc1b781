"""What a person reads where a server answers but does not do what it is asked."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, make_url

from tests.databases.servers import Database
from tests.schema.shop import Shop, connected

# Of a user who may log in and look, and no more. The driver of MariaDB makes one % of two.
CREATE_USER = {
    "postgresql": [
        "CREATE ROLE {name} LOGIN PASSWORD '{password}'",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    ],
    "mariadb": [
        "CREATE USER '{name}'@'%%' IDENTIFIED BY '{password}'",
        "GRANT SELECT ON `{database}`.* TO '{name}'@'%%'",
    ],
}
DROP_USER = {"postgresql": "DROP ROLE {name}", "mariadb": "DROP USER '{name}'@'%%'"}
LIMIT_USER = {
    "postgresql": "ALTER ROLE {name} CONNECTION LIMIT 1",
    "mariadb": "ALTER USER '{name}'@'%%' WITH MAX_USER_CONNECTIONS 1",
}

served = pytest.mark.parametrize("engine_name", ["postgresql", "mariadb"], indirect=True)


def execute(url: str, *statements: str) -> None:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database) -> Shop:
    """A project that works, on the `database` fixture."""
    return Shop(tmp_path / "shop", monkeypatch, database.url)


@pytest.fixture
def user(database: Database, engine_name: str) -> Iterator[Callable[[str], str]]:
    """A user who may only look: fills name, password and database into a text."""
    names = {"name": f"looker_{secrets.token_hex(6)}", "password": secrets.token_hex(8)}
    names["database"] = str(make_url(database.url).database)

    def fill(text: str) -> str:
        return text.format_map(names)

    execute(database.url, *map(fill, CREATE_USER[engine_name]))
    yield fill
    execute(database.url, fill(DROP_USER[engine_name]))


def as_user(url: str, fill: Callable[[str], str]) -> str:
    changed = make_url(url).set(username=fill("{name}"), password=fill("{password}"))
    return changed.render_as_string(hide_password=False)


def assert_explained(result: Any, code: int, *says: str) -> None:
    text = " ".join(result.stderr.split())
    assert [it for it in says if it not in text] == [], text
    assert "Traceback" not in result.output
    assert result.exit_code == code


@served
def test_user_without_rights_is_named_with_what_is_missing(shop: Shop, user: Callable[[str], str]) -> None:
    shop.url = as_user(shop.url, user)
    result = shop.db("upgrade")
    assert_explained(
        result,
        1,
        user("does not let '{name}' do this: "),
        "Migrating needs the right to create and alter tables.",
        "Let the owner of the database grant it",
    )
    assert user("{password}") not in result.output


@served
def test_user_with_all_connections_in_use_is_busy(
    shop: Shop, user: Callable[[str], str], engine_name: str
) -> None:
    execute(shop.url, user(LIMIT_USER[engine_name]))
    shop.url = as_user(shop.url, user)
    with connected(shop.url):
        assert_explained(shop.db("upgrade"), 3, "has no free connection: ", "Close some connections")


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_replica_is_named_as_one(shop: Shop) -> None:
    # What a hot standby answers, without the need for one.
    name = make_url(shop.url).database
    execute(shop.url, f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    assert_explained(
        shop.db("upgrade"),
        1,
        "takes no changes: cannot execute CREATE TABLE in a read-only transaction.",
        "Give the URL of the primary server",
    )


@pytest.mark.parametrize(
    ("engine_name", "statement"),
    [
        ("postgresql", "SELECT pg_terminate_backend(pg_backend_pid())"),
        ("mariadb", "KILL CONNECTION_ID()"),
    ],
    indirect=["engine_name"],
)
def test_server_that_ends_the_connection_is_no_fault_of_the_revision(shop: Shop, statement: str) -> None:
    shop.revision("bbbb1111", "aaaa2222", f"op.execute({statement!r})")
    assert_explained(
        shop.db("upgrade"),
        1,
        "ended the connection while the command ran: ",
        "The database stands at revision 'aaaa2222'; 2 of 3 revisions ran.",
        "See with `flask db current` where the database stands, then type `flask db upgrade` again.",
    )


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_disk_that_is_full_is_no_fault_of_the_revision(shop: Shop) -> None:
    body = "op.execute('PRAGMA max_page_count = 1'); op.create_table('big', sa.Column('id', sa.Integer))"
    shop.revision("bbbb1111", "aaaa2222", body)
    assert_explained(shop.db("upgrade"), 1, "has no room left: database or disk is full.", "Free some space")


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("driver", ["postgresql+psycopg", "mysql+pymysql"])
def test_host_that_does_not_exist_is_named(shop: Shop, driver: str) -> None:
    shop.url = f"{driver}://shop@no-such-host.invalid/shop"
    assert_explained(
        shop.db("upgrade"),
        2,
        "The host 'no-such-host.invalid' of the database URL cannot be found: ",
        "Correct `SQLALCHEMY_DATABASE_URI`, then type `flask db upgrade` again.",
    )
