"""PostgreSQL: a database of its own, with the encoding, locale, settings, schemas and extensions of the live one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import URL, Connection

SERVED = True
_INSUFFICIENT_PRIVILEGE = "42501"
_ICU_SINCE, _ONE_LOCALE_SINCE = 15, 17

# From template0: what an administrator put into template1 is not part of any history.
_LOCALE = """
    SELECT pg_encoding_to_char(encoding) AS encoding, datcollate AS collate, datctype AS ctype, {icu} AS icu
    FROM pg_database WHERE datname = current_database()
"""
_SETTINGS = """
    SELECT unnest(setconfig) FROM pg_db_role_setting
    WHERE setrole = 0 AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_SCHEMAS = """
    SELECT nspname::text FROM pg_namespace n
    WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')
      AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid
                      AND e.deptype = 'e')
"""
_EXTENSIONS = """
    SELECT extname::text, nspname::text FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE extname <> 'plpgsql' AND extname IN (SELECT name FROM pg_available_extensions) ORDER BY e.oid
"""
_SERVER = re.compile(
    r"(CREATE|ALTER|DROP)\s+(ROLE|USER(?!\s+MAPPING)|GROUP|DATABASE|TABLESPACE|SYSTEM)\b|(GRANT|REVOKE)\s+(?!.*\bON\b)"
    r"|(COMMENT|SECURITY\s+LABEL)\s.*\bON\s+(ROLE|DATABASE|TABLESPACE)\b|REASSIGN\s+OWNED|DROP\s+OWNED"
    r"|(GRANT|REVOKE)\s.*\bON\s+(DATABASE|TABLESPACE)\b",
    re.IGNORECASE | re.DOTALL,
)
_LISTS = ("search_path", "temp_tablespaces", "session_preload_libraries", "local_preload_libraries")


def place(url: URL, name: str) -> URL:
    """Where the scratch database is."""
    return url.set(database=name)


def called(name: str) -> str:
    """What `current` says of it."""
    return name


def current(connection: Connection) -> str:
    """The database that a connection leads to."""
    return str(connection.scalar(text("SELECT current_database()")))


def create(live: Connection, name: str) -> None:
    """Create it, with the settings that `ALTER DATABASE … SET` gave to the live one.

    :param live: a connection to the live database, outside of transactions.
    """
    version = int((live.dialect.server_version_info or (0,))[0])
    icu = "NULL"
    if version >= _ICU_SINCE:
        locale = "datlocale" if version >= _ONE_LOCALE_SINCE else "daticulocale"
        icu = f"CASE datlocprovider WHEN 'i' THEN {locale} END"
    row = live.execute(text(_LOCALE.format(icu=icu))).one()
    provider = f" LOCALE_PROVIDER icu ICU_LOCALE {_literal(row.icu)}" if row.icu else ""
    live.exec_driver_sql(
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING {_literal(row.encoding)} "
        f"LC_COLLATE {_literal(row.collate)} LC_CTYPE {_literal(row.ctype)}{provider}"
    )
    for setting in live.scalars(text(_SETTINGS)).all():
        key, _, value = setting.partition("=")
        words = value if key in _LISTS else _literal(value)
        live.exec_driver_sql(_plain(f"ALTER DATABASE {name} SET {key} TO {words}"))


def drop(server: Connection, name: str) -> None:
    """Drop it, with whoever is connected to it."""
    server.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def refusal(error: DBAPIError, server: Connection) -> tuple[str, str] | None:
    """What to say of an error of `create`; `None` if it is none of the user's rights."""
    if getattr(error.orig, "sqlstate", getattr(error.orig, "pgcode", None)) != _INSUFFICIENT_PRIVILEGE:
        return None
    role = server.scalar(text("SELECT current_user"))
    return (
        f"The role '{role}' may not create a database on this PostgreSQL server.",
        f'Let an administrator execute `ALTER ROLE "{role}" CREATEDB`, or connect with a role that may.',
    )


def furnish(live: Connection, scratch: Connection, made_later: Callable[[str], bool]) -> None:
    """Make the schemas and extensions that somebody made in the live database by hand.

    An extension that this user may not create is left out: a revision that needs it says so.
    """
    quote = scratch.dialect.identifier_preparer.quote_identifier
    for schema in live.scalars(text(_SCHEMAS)).all():
        if not made_later(schema):
            scratch.exec_driver_sql(_plain(f"CREATE SCHEMA {quote(schema)}"))
    for extension, schema in live.execute(text(_EXTENSIONS)).all():
        if not made_later(extension):
            _try(scratch, _plain(f"CREATE EXTENSION IF NOT EXISTS {quote(extension)} SCHEMA {quote(schema)}"))


def take_over(live: Connection, scratch: Connection) -> None:
    """Give a session on the scratch database the search path that a session on the live one has now."""
    path = live.scalar(text("SELECT current_setting('search_path')"))
    scratch.execute(text("SELECT set_config('search_path', :path, false)"), {"path": path})


def about_the_server(statement: str) -> bool:
    """Whether a statement is about the server as a whole, so that it would be felt beyond the scratch database.

    :param statement: without comments and literals.
    """
    return bool(_SERVER.match(statement))


def trespass(statement: str, _foreign: Sequence[str]) -> str | None:
    """What a statement would change outside of its database; on PostgreSQL it cannot."""
    return None


def neighbours(_connection: Connection) -> Sequence[str]:
    """Databases that a statement can reach from here: none."""
    return ()


def _try(connection: Connection, statement: str) -> None:
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(statement)
    except DBAPIError:
        return


def _literal(value: Any) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _plain(statement: str) -> str:
    """A statement without parameters, for drivers that look for `%` all the same."""
    return statement.replace("%", "%%")
