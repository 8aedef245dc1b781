"""A lease in a table: who migrates, renewed while the runner lives, free for others when it has expired.

All times are of the database's clock. A lease of the same server is taken over at once: its holder would still have
the server's lock if it lived. One of another node of a cluster is respected until it expires. Two nodes that take it
in the same moment write the same key, and the cluster lets one of the transactions fail.
"""

from __future__ import annotations

import secrets
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, DateTime, Integer, MetaData, String, Table, func, literal_column, select
from sqlalchemy.dialects.mysql import DATETIME
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.schema import CreateTable

from ...core.own_tables import LEASES
from ...core.runner_lock import Holder, LockLost, this_process

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

SECONDS = 30
"""How long a lease lasts that is not renewed. It is renewed three times as often."""

_PATIENCE = 5
_MOMENT = DateTime().with_variant(DATETIME(fsp=6), "mysql", "mariadb")

leases = Table(
    LEASES,
    MetaData(),
    Column("name", String(64), primary_key=True),
    Column("token", String(32), nullable=False),
    Column("node", String(255), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("host", String(255), nullable=False),
    Column("user", String(255), nullable=False),
    Column("session", Integer, nullable=False),
    Column("since", _MOMENT, nullable=False),
    Column("expires", _MOMENT, nullable=False),
)

_NOW = func.utc_timestamp(literal_column("6"))
# What tells one server of a cluster from another; all of them may have the same server_id.
_NODE = literal_column("CONCAT_WS('|', @@hostname, @@port, @@datadir)", String)


class Lease:
    """The lease of one name.

    :param connection: the one that holds the server's lock; from `take` on used by this object alone.
    :param name: what is leased.
    :param seconds: how long it lasts without being renewed.
    """

    def __init__(self, connection: Connection, name: str, seconds: int = SECONDS) -> None:
        self._connection = connection
        self._name = name
        self._seconds = seconds
        self._end = literal_column(f"UTC_TIMESTAMP(6) + INTERVAL {int(seconds)} SECOND", _MOMENT)
        self._token = secrets.token_hex(16)
        self._renewed: float | None = None
        self._stop = threading.Event()
        self._renewing: threading.Thread | None = None

    def take(self) -> bool:
        """Write the lease down, unless a runner on another node has it. The server's lock must be held."""
        self._connection.execute(CreateTable(leases, if_not_exists=True))
        before = time.monotonic()
        try:
            taken = self._replace()
        except DBAPIError as error:
            if _conflict(error):
                return False
            raise
        if taken:
            self._renewed = before
            self._renewing = threading.Thread(target=self._keep, name="schema runner lease", daemon=True)
            self._renewing.start()
        return taken

    def holder(self) -> Holder | None:
        """Who has it; `None` if nobody does, or nobody ever did."""
        age = func.timestampdiff(literal_column("MICROSECOND"), leases.c.since, _NOW).label("age")
        query = select(leases, age).where(leases.c.name == self._name)
        try:
            found = self._connection.execute(query).first()
        except DBAPIError:  # the first runner of all has not yet made the table
            return None
        if found is None:
            return None
        return Holder(found.pid, found.host, found.user, found.session, max(found.age / 1_000_000, 0.0))

    def require(self) -> None:
        """Make sure that it has not expired.

        :raises LockLost: if it was not renewed in time.
        """
        if self._renewed is None or time.monotonic() - self._renewed > self._seconds:
            raise LockLost(
                f"The lease of this runner in the table '{LEASES}' could not be renewed for {self._seconds} s: another "
                "one may have begun.",
                hint="See with `flask db current` where the database stands, then type the command again.",
            )

    def give_back(self) -> None:
        """Strike it out, if it is still this runner's."""
        self._stop.set()
        if self._renewing is None:
            return
        self._renewing.join(_PATIENCE)
        if self._renewing.is_alive():  # the server does not answer; the lease expires by itself
            return
        self._renewing = self._renewed = None
        with suppress(SQLAlchemyError):
            self._connection.execute(leases.delete().where(*self._own()))

    def _own(self) -> Iterator[Any]:
        yield leases.c.name == self._name
        yield leases.c.token == self._token

    def _replace(self) -> bool:
        """In one transaction, see whether it is free and take it."""
        self._connection.exec_driver_sql("BEGIN")
        try:
            free = _free(self._connection, self._name)
            if free:
                self._connection.execute(leases.delete().where(leases.c.name == self._name))
                self._connection.execute(leases.insert().values(**self._row()))
            self._connection.exec_driver_sql("COMMIT")
        except BaseException:
            self._connection.exec_driver_sql("ROLLBACK")
            raise
        return free

    def _row(self) -> dict[str, Any]:
        actor = this_process()
        row = {"name": self._name, "token": self._token, "pid": actor.pid, "host": actor.host[:255]}
        moments = {"since": _NOW, "expires": self._end}
        return {**row, **moments, "user": actor.user[:255], "node": _NODE, "session": func.connection_id()}

    def _keep(self) -> None:
        """Renew it until it is given back; a failure is tried again, until `require` finds it expired."""
        while not self._stop.wait(self._seconds / 3):
            before = time.monotonic()
            with suppress(SQLAlchemyError):
                renewal = leases.update().where(*self._own()).values(expires=self._end)
                if self._connection.execute(renewal).rowcount:
                    self._renewed = before


def _free(connection: Connection, name: str) -> bool:
    """Whether nobody has a lease, or whoever had it is gone."""
    free = (leases.c.expires < _NOW) | (leases.c.node == _NODE)
    found = connection.execute(select(free).where(leases.c.name == name).with_for_update()).scalar()
    return found is None or bool(found)


def _conflict(error: DBAPIError) -> bool:
    """Whether another node's transaction came first; 1213 is what Galera says then, 1205 a lock wait."""
    return bool(error.orig is not None and error.orig.args and error.orig.args[0] in (1213, 1205))
