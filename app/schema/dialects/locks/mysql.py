"""MariaDB and MySQL: named locks of sessions, and a lease in a table.

`GET_LOCK` on a connection of its own dies with the process; a second one on the connection that migrates lasts until
the server is done with the last statement of a killed client. On a Galera cluster every node grants both at once, so
that the lease in the table, which is replicated, decides between nodes.
Source: https://mariadb.com/kb/en/get_lock/, https://mariadb.com/kb/en/mariadb-galera-cluster-known-limitations/
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from ...core.runner_lock import Holder
from .dedicated import close, dedicated
from .lease import Lease

if TYPE_CHECKING:
    from sqlalchemy import Connection


class MySQLLock:
    """The lock of one version table.

    :param connection: the one that migrates.
    :param schema: the database of the version table; the current one, if `None`.
    :param work: whether that one may be locked too.
    """

    def __init__(self, connection: Connection, version_table: str, schema: str | None, *, work: bool) -> None:
        schema = schema or connection.scalar(select(func.database()))
        # A name may have 64 characters, and is one of the whole server.
        digest = hashlib.sha256(f"{schema}.{version_table}".encode()).hexdigest()[:32]
        self._name, self._work_name = f"schema runner {digest}", f"schema work {digest}"
        self._main = connection
        self._work = work
        self._own: Connection | None = None
        self._lease: Lease | None = None
        self._working = False

    def acquire(self) -> bool:
        """Try to take the locks and the lease; with some of them alone, give them back."""
        own, lease = self._opened()
        if not _locked(own, self._name):
            return False
        if (not self._work or self._begin_work()) and lease.take():
            return True
        self._end_work()
        own.scalar(select(func.release_lock(self._name)))
        return False

    def holder(self) -> Holder | None:
        """Who has the lease, or the session that has one of the locks."""
        own, lease = self._opened()
        session = own.scalar(select(func.is_used_lock(self._name)))
        orphan = None if session else own.scalar(select(func.is_used_lock(self._work_name)))
        found = lease.holder()
        if orphan:
            found = found or Holder()
            return Holder(found.pid, found.host, found.user, int(orphan), found.age, orphan=True)
        return found or (Holder(session=int(session)) if session else None)

    def require(self) -> None:
        """Make sure that the lease was renewed in time."""
        self._opened()[1].require()

    def release(self) -> None:
        """Give everything back."""
        self._end_work()
        if self._lease is not None:
            self._lease.give_back()
            self._lease = None
        if self._own is not None:
            with suppress(
                SQLAlchemyError
            ):  # the server frees it too, a moment after the connection is closed
                self._own.scalar(select(func.release_lock(self._name)))
            close(self._own)
            self._own = None

    def _opened(self) -> tuple[Connection, Lease]:
        if self._own is None or self._lease is None:
            self._own = dedicated(self._main)
            self._lease = Lease(self._own, self._name)
        return self._own, self._lease

    def _begin_work(self) -> bool:
        self._working = _locked(self._main, self._work_name)
        self._leave_transaction()
        return self._working

    def _end_work(self) -> None:
        """Unlock the connection that migrates; throw it away where that fails, so that no pool keeps the lock."""
        if not self._working:
            return
        self._working = False
        outside = self._main.in_transaction()
        try:
            self._main.scalar(select(func.release_lock(self._work_name)))
            if not outside:
                self._main.rollback()
        except SQLAlchemyError:
            self._main.invalidate()

    def _leave_transaction(self) -> None:
        """End the transaction, whose snapshot would hide what the runner before has committed."""
        if self._main.in_transaction():
            self._main.commit()


def _locked(connection: Connection, name: str) -> bool:
    return connection.scalar(select(func.get_lock(name, 0))) == 1
