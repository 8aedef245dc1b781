"""MySQL and MariaDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Dialect
from .locks.mysql import MySQLLock

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ..core.runner_lock import RunnerLock


class MySQL(Dialect):
    """MySQL and MariaDB through any driver."""

    def runner_lock(
        self, connection: Connection, version_table: str, schema: str | None, *, work: bool
    ) -> RunnerLock:
        """Named locks and a lease."""
        return MySQLLock(connection, version_table, schema, work=work)


dialect = MySQL()
