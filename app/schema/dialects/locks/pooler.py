"""Finds a pooler that lends one session of PostgreSQL to several clients, such as PgBouncer in transaction mode.

Behind one, an advisory lock and a `SET` belong to whoever is served next: two runners both get the lock. What gives
it away: it makes up the session number that it tells a client on connect, and it serves a second client with the
session of a first one that is in no transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from ...core.errors import UsageProblem
from .dedicated import close, dedicated

if TYPE_CHECKING:
    from sqlalchemy import Connection

_ROUNDS = 4
"""A pooler hands out the session that was returned last. Other clients can come between, but not every time."""


class Pooled(UsageProblem):
    """The database is reached through a pooler in transaction mode."""


def require_own_session(connection: Connection) -> None:
    """Refuse a connection whose session is lent to others.

    :param connection: in no transaction; each of its statements is one.
    :raises Pooled: names the sessions and the setting that helps.
    """
    session = _session(connection)
    # A session in a pooler's session mode is one's own and has another number than was told too.
    if _told(connection) == session:
        return
    other = dedicated(connection, autocommit=False)
    try:
        for _ in range(_ROUNDS):
            borrowed = _session(other)
            now = session if borrowed == session else _session(connection)
            other.rollback()
            if borrowed == session or now != session:
                raise _refusal(connection, session, borrowed if borrowed == session else now)
    finally:
        close(other)


def _told(connection: Connection) -> int | None:
    """The session number that the server told on connect; psycopg 2 and 3 keep it."""
    driver = connection.connection.dbapi_connection
    number: int | None = getattr(getattr(driver, "info", None), "backend_pid", None)
    return number


def _session(connection: Connection) -> int:
    return int(connection.scalar(select(func.pg_backend_pid())) or 0)


def _refusal(connection: Connection, session: int, other: int) -> Pooled:
    url = connection.engine.url
    seen = (
        f"two connections were served by the same session {session}"
        if session == other
        else f"one connection was served by the sessions {session} and {other}"
    )
    return Pooled(
        f"{url.host or 'The server'}:{url.port or 5432} is a pooler that lends its sessions for one transaction each "
        f"(PgBouncer in transaction mode): {seen}. Nothing was run.",
        expected="A lock or a `SET` would belong to whoever is served next, and two runners could migrate at once.",
        hint="Set SCHEMA_DIRECT_URL to the URL of the database server itself, such as "
        "postgresql://user:password@db.example.org:5432/name; the application can stay behind the pooler.",
    )
