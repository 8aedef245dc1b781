"""PostgreSQL: two advisory locks of sessions, one on a connection of its own, one on the connection that migrates.

The first dies with the process. The second dies when the server has noticed: a statement that runs when its client is
killed runs on to its end, and until then nobody else may begin.

Both are polled and never waited for: a session that waits for an advisory lock holds a snapshot, `CREATE INDEX
CONCURRENTLY` waits for all snapshots, and the two wait for each other for ever.
Source: https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ...core.runner_lock import Holder, LockLost, this_process
from ..waits.base import run
from .dedicated import close, dedicated
from .pooler import require_own_session

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

_OURS = re.compile(r"schema (\d+)@(\S+)(?: (\d+))?")
_LONGEST_HOST = 32
"""A name of an application has room for 63 bytes; number, moment and blanks take 31 of them."""

# What a lock's connection must be: never closed for being idle, and noticed when its machine is gone. Settings that
# a version or a connection through a Unix socket does not have are left out or have no effect.
_KEPT = {"idle_session_timeout": "0", "tcp_keepalives_idle": "30", "tcp_keepalives_interval": "10"}
# How soon a server, from version 14 on, notices in the middle of a statement that its client is gone.
_NOTICED = {"client_connection_check_interval": "1s"}

_SESSION_OF = text(
    """
    SELECT a.pid, a.usename, a.application_name, a.client_addr::text AS address,
           extract(epoch FROM clock_timestamp()) AS now
      FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.pid <> pg_backend_pid()
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND ((l.classid::bigint << 32) | l.objid::bigint) = :key
    """
).bindparams(bindparam("key"))


class PostgreSQLLock:
    """The lock of one version table.

    Advisory locks belong to a database, so that its name is no part of the key.

    :param connection: the one that migrates.
    :param work: whether that one may be locked too: it is not in a transaction of somebody else.
    """

    def __init__(self, connection: Connection, version_table: str, schema: str | None, *, work: bool) -> None:
        schema = schema or connection.scalar(select(func.current_schema()))
        self._key = _key(f"{schema}.{version_table}")
        self._work_key = _key(f"{schema}.{version_table} work")
        self._main = connection
        self._work = work
        self._own: Connection | None = None
        self._working = False

    def acquire(self) -> bool:
        """Try to take both locks; with one of them alone, give it back."""
        own = self._opened()
        if not _locked(own, self._key):
            return False
        if self._work and not self._begin_work():
            own.scalar(select(func.pg_advisory_unlock(self._key)))
            return False
        _sign(own, since=True)
        return True

    def holder(self) -> Holder | None:
        """Who has one of the two locks."""
        own = self._opened()
        found = own.execute(_SESSION_OF, {"key": self._key}).first()
        if found is not None:
            return _holder(found)
        found = own.execute(_SESSION_OF, {"key": self._work_key}).first()
        return Holder(user=found.usename, session=found.pid, orphan=True) if found is not None else None

    def require(self) -> None:
        """Ask the connection whether it still lives: the lock goes with it and not before."""
        own = self._opened()
        driver: Any = own.dialect.loaded_dbapi
        try:
            run(own.connection, "SELECT 1")  # before each revision: through the driver alone, which is fast
        except (DBAPIError, driver.Error) as error:
            raise LockLost(
                "The connection that holds the lock of this runner is gone: another one may have begun.",
                hint="See with `flask db current` where the database stands, then type the command again.",
            ) from error

    def release(self) -> None:
        """Give both back."""
        if self._working:
            self._end_work()
        if self._own is not None:
            with suppress(
                SQLAlchemyError
            ):  # the server frees it too, a moment after the connection is closed
                self._own.scalar(select(func.pg_advisory_unlock_all()))
            close(self._own)
            self._own = None

    def _opened(self) -> Connection:
        if self._own is None:
            self._own = dedicated(self._main)
            require_own_session(self._own)
            _set(self._own, _KEPT)
            _sign(self._own)
        return self._own

    def _begin_work(self) -> bool:
        self._working = _locked(self._main, self._work_key)
        if self._working:
            with suppress(DBAPIError):  # a server whose system cannot tell, such as Windows
                _set(self._main, _NOTICED)
        self._leave_transaction()
        return self._working

    def _end_work(self) -> None:
        """Unlock the connection that migrates; throw it away where that fails, so that no pool keeps the lock."""
        self._working = False
        outside = self._main.in_transaction()
        try:
            self._main.scalar(select(func.pg_advisory_unlock(self._work_key)))
            _set(self._main, dict.fromkeys(_NOTICED))
            if not outside:
                self._main.rollback()
        except SQLAlchemyError:
            self._main.invalidate()

    def _leave_transaction(self) -> None:
        """A session must not idle in a transaction: it would be in the way of concurrent index builds."""
        if self._main.in_transaction():
            self._main.commit()


def _key(text_: str) -> int:
    digest = hashlib.sha256(f"schema runner {text_}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _locked(connection: Connection, key: int) -> bool:
    return bool(connection.scalar(select(func.pg_try_advisory_lock(key))))


def _set(connection: Connection, settings: Mapping[str, str | None]) -> None:
    """Set what this version knows of the settings, for the session; `None` sets one back."""
    for name, value in settings.items():
        connection.execute(
            text(
                "SELECT set_config(name, coalesce(CAST(:value AS text), reset_val), false) "
                "FROM pg_settings WHERE name = :name"
            ),
            {"name": name, "value": value},
        )


def _sign(connection: Connection, *, since: bool = False) -> None:
    """Write into the name of the application who this is, and since when by the server's clock it has the lock."""
    actor = this_process()
    name = f"schema {actor.pid}@{actor.host[:_LONGEST_HOST]}"
    moment = " || ' ' || extract(epoch FROM clock_timestamp())::bigint" if since else ""
    connection.execute(
        text(f"SELECT set_config('application_name', CAST(:name AS text){moment}, false)"),  # ours
        {"name": name},
    )


def _holder(found: Any) -> Holder:
    match = _OURS.fullmatch(found.application_name or "")
    if match is None:
        return Holder(host=found.address, user=found.usename, session=found.pid)
    age = max(float(found.now) - int(match[3]), 0.0) if match[3] else None
    return Holder(pid=int(match[1]), host=match[2], user=found.usename, session=found.pid, age=age)
