"""PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .base import Dialect
from .locks.postgresql import PostgreSQLLock

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ..core.runner_lock import RunnerLock


class PostgreSQL(Dialect):
    """PostgreSQL through any driver."""

    def runner_lock(
        self, connection: Connection, version_table: str, schema: str | None, *, work: bool
    ) -> RunnerLock:
        """Advisory locks."""
        return PostgreSQLLock(connection, version_table, schema, work=work)


dialect = PostgreSQL()
