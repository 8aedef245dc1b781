"""MySQL and MariaDB: a database of its own on the server, with the character set and collation of the live one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import URL, Connection
    from sqlalchemy.exc import DBAPIError

SERVED = True
_OWN = ("information_schema", "mysql", "performance_schema", "sys")
_SERVER = re.compile(
    r"(CREATE|ALTER|DROP)\s+(OR\s+REPLACE\s+)?(ROLE|USER|DATABASE|SCHEMA|SERVER|TABLESPACE)\b|GRANT|REVOKE|RENAME\s+USER"
    r"|SET\s+(GLOBAL|PERSIST|@@GLOBAL|PASSWORD|DEFAULT\s+ROLE)|FLUSH|INSTALL|UNINSTALL|CHANGE\s+MASTER|KILL|USE\b",
    re.IGNORECASE,
)
_NAME = r"(?:IF\s+(?:NOT\s+)?EXISTS\s+)?(?:`((?:[^`]|``)+)`|([\w$]+))\s*\."
# What is made or changed stands behind one of these words; elsewhere `name.` may be a table before its column.
_MADE = re.compile(
    r"CREATE\b[^(]*?\b(?:TABLE|VIEW|TRIGGER|SEQUENCE|PROCEDURE|FUNCTION|EVENT)\s+" + _NAME, re.IGNORECASE
)
_MADE_ON = re.compile(r"(?:CREATE|DROP)\b[^(]*?\b(?:INDEX|TRIGGER)\b[^(]*?\bON\s+" + _NAME, re.IGNORECASE)
_CHANGED = re.compile(
    r"\b(?:TABLES?|VIEW|INTO|UPDATE|FROM|TRIGGER|SEQUENCE|PROCEDURE|FUNCTION|EVENT|TO|JOIN)\s+" + _NAME,
    re.IGNORECASE,
)
_ACCESS_DENIED = (
    1044,
    1045,
    1227,
)  # ER_DBACCESS_DENIED_ERROR, ER_ACCESS_DENIED_ERROR, ER_SPECIFIC_ACCESS_DENIED_ERROR


def place(url: URL, name: str) -> URL:
    """Where the scratch database is."""
    return url.set(database=name)


def called(name: str) -> str:
    """What `current` says of it."""
    return name


def current(connection: Connection) -> str:
    """The database that a connection leads to."""
    return str(connection.scalar(text("SELECT database()")))


def create(live: Connection, name: str) -> None:
    """Create it.

    :param live: a connection to the live database.
    """
    charset, collation = live.execute(text("SELECT @@character_set_database, @@collation_database")).one()
    live.exec_driver_sql(f"CREATE DATABASE {name} CHARACTER SET {charset} COLLATE {collation}")


def drop(server: Connection, name: str) -> None:
    """Drop it, with whoever is connected to it: it would wait for the locks of their transactions."""
    for number in server.scalars(
        text("SELECT id FROM information_schema.processlist WHERE db = :name"), {"name": name}
    ):
        server.exec_driver_sql(f"KILL {int(number)}")
    server.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")


def refusal(error: DBAPIError, server: Connection) -> tuple[str, str] | None:
    """What to say of an error of `create`; `None` if it is none of the user's rights."""
    arguments: Any = getattr(error.orig, "args", ())
    if not arguments or arguments[0] not in _ACCESS_DENIED:
        return None
    user, _, host = str(server.scalar(text("SELECT current_user()"))).rpartition("@")
    grant = f"GRANT ALL ON `scratch\\_%`.* TO '{user}'@'{host}'"
    return (
        f"The user '{user}'@'{host}' may not create a database on this server.",
        f"Let an administrator execute {grant}, or connect with a user that may.",
    )


def furnish(live: Connection, scratch: Connection, made_later: Callable[[str], bool]) -> None:
    """There are no schemas and no extensions in a database."""


def about_the_server(statement: str) -> bool:
    """Whether a statement is about the server as a whole, so that it would be felt beyond the scratch database.

    :param statement: without comments and literals.
    """
    return bool(_SERVER.match(statement))


def neighbours(connection: Connection) -> Sequence[str]:
    """Databases that a statement can reach from here, without the server's own."""
    names = connection.scalars(text("SELECT schema_name FROM information_schema.schemata")).all()
    own = {*_OWN, str(connection.scalar(text("SELECT database()")))}
    return [name for name in names if name not in own]


def trespass(statement: str, foreign: Sequence[str]) -> str | None:
    """Which other database a statement names, in a place where it would change something there.

    :param statement: without comments and literals.
    :param foreign: the databases that can be reached.
    """
    made = [each.groups("") for pattern in (_MADE, _MADE_ON) if (each := pattern.match(statement))]
    found = made if statement[:6].upper() == "CREATE" else [*made, *_CHANGED.findall(statement)]
    named = {(quoted.replace("``", "`") or plain).lower() for quoted, plain in found}
    return next((name for name in foreign if name.lower() in named), None)


def take_over(live: Connection, scratch: Connection) -> None:
    """Give a session on the scratch database the modes that a session on the live one has now."""
    mode, engine = live.execute(text("SELECT @@sql_mode, @@default_storage_engine")).one()
    scratch.execute(
        text("SET SESSION sql_mode = :mode, default_storage_engine = :engine"),
        {"mode": mode, "engine": engine},
    )
