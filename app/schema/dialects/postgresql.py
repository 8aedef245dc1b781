"""PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Dialect

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from ..core.runner_lock import RunnerLock
    from ..core.waits import Waits


class PostgreSQL(Dialect):
    """PostgreSQL through any driver."""

    def runner_lock(
        self, connection: Connection, version_table: str, schema: str | None, *, work: bool
    ) -> RunnerLock:
        """Advisory locks."""
        from .locks.postgresql import PostgreSQLLock  # a command with nothing to do does not wait for it

        return PostgreSQLLock(connection, version_table, schema, work=work)

    def waits(
        self,
        connection: Connection,
        *,
        lock_timeout: float,
        statement_timeout: float | None,
        tell: Callable[[str], None],
    ) -> Waits:
        """Milliseconds."""
        from .waits.postgresql import PostgreSQLWaits  # likewise

        return PostgreSQLWaits(connection, lock_timeout, statement_timeout, tell)


dialect = PostgreSQL()
