"""The database is not there, is not ours, or does not answer."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from sqlalchemy import make_url

from tests.databases.servers import Database
from tests.schema.broken.cases import (
    OTHER_APPLICATION,
    PASSWORD,
    Case,
    Claims,
    MakeShop,
    at,
    check,
    does,
    nothing,
    runs,
    shown,
    writes,
)
from tests.schema.shop import Shop

UNKNOWN_ID = (
    "The database is at revision 'feedbeef0123', and no file in migrations has that id. "
    "Either the database is ahead of this code, or it belongs to another branch or application."
)

DATABASE = [
    Case(
        "postgresql is down",
        at(f"postgresql+psycopg://shop:{PASSWORD}@127.0.0.1:1/shop"),
        "upgrade",
        1,
        "No answer from PostgreSQL on 127.0.0.1:1: Connection refused. "
        "The database URL is postgresql+psycopg://shop:***@127.0.0.1:1/shop.",
        "Start the server or correct `SQLALCHEMY_DATABASE_URI`, then type `flask db upgrade` again.",
    ),
    Case(
        "mariadb is down",
        at(f"mysql+pymysql://shop:{PASSWORD}@127.0.0.1:1/shop"),
        "current",
        1,
        "No answer from MySQL on 127.0.0.1:1: Can't connect to MySQL server on '127.0.0.1' "
        "([Errno 111] Connection refused).",
        "then type `flask db current` again.",
    ),
    Case(
        "host is unknown",
        at(f"postgresql+psycopg://shop:{PASSWORD}@no-such-host.invalid/shop"),
        "check",
        2,
        "The host 'no-such-host.invalid' of the database URL cannot be found:",
        "Correct `SQLALCHEMY_DATABASE_URI`, then type `flask db check` again.",
    ),
    Case(
        "sqlite folder does not exist",
        at("sqlite:///{folder}/data/shop.db"),
        "upgrade",
        2,
        "The SQLite database '{folder}/data/shop.db' cannot be made: "
        "its folder '{folder}/data' does not exist.",
        "Type `mkdir -p {folder}/data` or correct `SQLALCHEMY_DATABASE_URI`, "
        "then type `flask db upgrade` again.",
    ),
    Case(
        "sqlite path is a folder",
        at("sqlite:///{folder}/migrations"),
        "upgrade",
        2,
        "The SQLite database '{folder}/migrations' cannot be opened: it is a folder.",
        "Correct `SQLALCHEMY_DATABASE_URI`",
    ),
    Case(
        "sqlite can only be read",
        does(runs("upgrade", "aaaa1111"), at("sqlite:///file:{folder}/shop.db?mode=ro&uri=true")),
        "upgrade",
        1,
        "The SQLite database '{folder}/shop.db' can only be read, so that nothing was changed. "
        "File and folder have to be writable: SQLite writes its journal beside the file.",
        "Look at the rights with `ls -ld {folder} {folder}/shop.db`, then type `flask db upgrade` again.",
    ),
    Case(
        "file is not a database",
        writes("shop.db", "These are not the bytes you are looking for. " * 40),
        "upgrade",
        2,
        "The file '{folder}/shop.db' is not a SQLite database, or it is damaged: file is not a database.",
        "Correct `SQLALCHEMY_DATABASE_URI`, or move the file away and type `flask db upgrade` again",
    ),
    Case(
        "version table of another application",
        OTHER_APPLICATION,
        "upgrade",
        4,
        UNKNOWN_ID,
        "Find the file with `git log --all --oneline -S feedbeef0123 -- migrations` and get it back. "
        "If the schema is in truth that of a revision you have, "
        "say so with `flask db stamp --purge <revision>`.",
    ),
    Case("unknown id and migrate", OTHER_APPLICATION, "migrate", 4, UNKNOWN_ID, "flask db stamp --purge"),
    Case("unknown id and downgrade", OTHER_APPLICATION, "downgrade", 4, UNKNOWN_ID, "flask db stamp --purge"),
    Case("unknown id and check", OTHER_APPLICATION, "check", 4, UNKNOWN_ID, "flask db stamp --purge"),
    Case(
        "database is behind",
        runs("upgrade", "aaaa1111"),
        "migrate",
        1,
        "The database is at 'aaaa1111', and the newest revision is 'aaaa2222'. 1 revision pending: aaaa2222.",
        "Type `flask db upgrade` first, then type `flask db migrate` again.",
    ),
    Case(
        "database is empty",
        nothing,
        "check",
        1,
        "The database is at base, with no revision applied, and the newest revision is 'aaaa2222'. "
        "2 revisions pending: aaaa1111, aaaa2222.",
        "Type `flask db upgrade` first, then type `flask db check` again.",
    ),
]


@pytest.mark.parametrize("case", DATABASE, ids=lambda case: case.name)
def test_broken_database_is_explained_once_and_left_alone(shop: Shop, case: Case, claims: Claims) -> None:
    case.breaks(shop)
    check(shop, case)
    assert all(len(claim) == 1 for claim in claims)
    assert claims


@pytest.mark.parametrize("command", ["current", "heads", "history", "history -i", "branches"])
def test_version_table_of_another_application_does_not_stop_looking(shop: Shop, command: str) -> None:
    OTHER_APPLICATION(shop)
    shop.succeed(*command.split())


def test_current_names_the_unknown_revision(shop: Shop) -> None:
    OTHER_APPLICATION(shop)
    assert "feedbeef0123" in shop.succeed("current").output


@pytest.mark.parametrize(
    ("engine_name", "change", "code", "says"),
    [
        ("postgresql", {"username": "nobody_here"}, 2, "refused the log-in: "),
        ("postgresql", {"database": "nowhere_db"}, 2, "has no database 'nowhere_db'."),
        (
            "mariadb",
            {"username": "root", "password": PASSWORD},
            2,
            "refused the log-in: Access denied for user",
        ),
        ("mariadb", {"database": "nowhere_db"}, 2, "has no database 'nowhere_db'."),
    ],
    indirect=["engine_name"],
)
def test_server_that_refuses_the_url(
    make_shop: MakeShop, database: Database, change: dict[str, str], code: int, says: str
) -> None:
    shop = make_shop(database.url)
    shop.url = make_url(database.url).set(**change).render_as_string(hide_password=False)
    result = shop.db("upgrade")
    assert says in shown(result)
    assert "`SQLALCHEMY_DATABASE_URI`, then type `flask db upgrade` again." in shown(result)
    assert PASSWORD not in result.output
    assert "Traceback" not in result.output
    assert result.exit_code == code


def test_locked_database_is_busy(shop: Shop) -> None:
    shop.succeed("upgrade", "aaaa1111")
    holder = threading.Event()
    done = threading.Event()

    def hold() -> None:
        connection = sqlite3.connect(shop.folder / "shop.db", isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        holder.set()
        done.wait(30)
        connection.rollback()
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    holder.wait(30)
    shop.url += "?timeout=0.1"
    try:
        result = shop.db("upgrade")
    finally:
        done.set()
        thread.join()
    assert result.exit_code == 3
    assert f"The SQLite database '{shop.folder}/shop.db' is locked by another connection" in shown(result)
    assert "then type `flask db upgrade` again." in shown(result)
