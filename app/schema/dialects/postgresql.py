"""PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Dialect
from .locks.postgresql import PostgreSQLLock
from .waits.postgresql import PostgreSQLWaits

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
        return PostgreSQLWaits(connection, lock_timeout, statement_timeout, tell)


dialect = PostgreSQL()
