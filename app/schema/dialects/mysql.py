"""MySQL and MariaDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Dialect

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from ..core.runner_lock import RunnerLock
    from ..core.waits import Waits


class MySQL(Dialect):
    """MySQL and MariaDB through any driver."""

    def runner_lock(
        self, connection: Connection, version_table: str, schema: str | None, *, work: bool
    ) -> RunnerLock:
        """Named locks and a lease."""
        from .locks.mysql import MySQLLock  # a command with nothing to do does not wait for it to be loaded

        return MySQLLock(connection, version_table, schema, work=work)

    def waits(
        self,
        connection: Connection,
        *,
        lock_timeout: float,
        statement_timeout: float | None,
        tell: Callable[[str], None],
    ) -> Waits:
        """Whole seconds, and less with a second connection."""
        from .waits.mysql import MySQLWaits  # likewise

        return MySQLWaits(connection, lock_timeout, statement_timeout, tell)


dialect = MySQL()
