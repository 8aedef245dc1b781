"""SQLite: real transactions around schema changes, and tables rebuilt without losing the rows that refer to them.

Python's driver begins a transaction before a change of rows only, so that a failed revision would leave its first
tables behind. Here `BEGIN` is sent before the first statement instead.
Source: https://docs.sqlalchemy.org/en/21/dialects/sqlite.html, "Transactions with SQLite and the sqlite3 driver".

With `foreign_keys` on, `DROP TABLE` first deletes every row, which cascades into the tables that refer to it; a
rebuild (`batch_alter_table`) drops the old table. So enforcement is off while revisions run, as SQLite asks for, and
what the revision leaves behind is checked before it is committed.
Source: https://sqlite.org/lang_altertable.html#otheralter
"""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from ..core.errors import SchemaError
from .base import Dialect

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterator

    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import Connection

    from ..core.runner_lock import RunnerLock
    from ..core.waits import Waits

_HARMLESS = ("BEGIN", "SELECT", "PRAGMA", "SAVEPOINT", "RELEASE")


class SQLite(Dialect):
    """SQLite through Python's `sqlite3`."""

    configure_args = {"transactional_ddl": True}  # noqa: RUF012  # read only, like the one of the base class

    @contextmanager
    def prepared(self, connection: Connection) -> Iterator[None]:
        """Begin transactions for real, and check foreign keys at the end of each instead of at each statement."""
        driver: Any = connection.connection.dbapi_connection
        if connection.in_transaction() or not hasattr(driver, "isolation_level"):
            yield
            return
        before = driver.isolation_level
        enforced = driver.execute("PRAGMA foreign_keys").fetchone()[0]
        driver.execute("PRAGMA foreign_keys = OFF")
        transactions = _Transactions(driver, check=bool(enforced))
        event.listen(connection, "before_cursor_execute", transactions.on_statement)
        event.listen(connection, "commit", transactions.on_commit)
        try:
            yield
        finally:
            event.remove(connection, "before_cursor_execute", transactions.on_statement)
            event.remove(connection, "commit", transactions.on_commit)
            connection.rollback()
            # Setting the mode below would commit what a refused commit has left open.
            driver.rollback()
            driver.isolation_level = before
            driver.execute(f"PRAGMA foreign_keys = {enforced}")

    def keeping(self, context: MigrationContext, tell: Callable[[str], None]) -> AbstractContextManager[None]:
        """Rebuild tables without a loss."""
        from .rebuild import keeping  # a command with nothing to do does not wait for it to be loaded

        return keeping(context, tell)

    def back_up(
        self, connection: Connection, standing: Collection[str], *, keep: int, version_table: str
    ) -> str | None:
        """Copy the file beside itself."""
        from .sqlite_backup import back_up  # a command with nothing to do does not wait for it to be loaded

        return back_up(connection, standing, keep=keep, version_table=version_table)

    def runner_lock(
        self, connection: Connection, version_table: str, schema: str | None, *, work: bool
    ) -> RunnerLock | None:
        """A file beside the database."""
        from .locks.sqlite import lock_of  # likewise

        return lock_of(connection)

    def waits(
        self,
        connection: Connection,
        *,
        lock_timeout: float,
        statement_timeout: float | None,
        tell: Callable[[str], None],
    ) -> Waits:
        """Milliseconds."""
        from .waits.sqlite import SQLiteWaits  # likewise

        return SQLiteWaits(connection, lock_timeout, statement_timeout, tell)


class _Transactions:
    """Begins transactions on one connection and checks what they leave."""

    def __init__(self, driver: sqlite3.Connection, *, check: bool) -> None:
        self.driver = driver
        self.check = check
        self.dangling_before: set[tuple[Any, ...]] | None = None

    def on_statement(self, connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        """Begin before the first statement, unless somebody else has begun or is about to."""
        autocommit = connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"
        word = statement.lstrip().upper()
        if not autocommit and not self.driver.in_transaction and not word.startswith("BEGIN"):
            self.driver.isolation_level = None
            self.driver.execute("BEGIN")
        if self.check and self.dangling_before is None and not word.startswith(_HARMLESS):
            self.dangling_before = self._dangling()

    def on_commit(self, _connection: Connection) -> None:
        """Refuse to commit rows that refer to nothing, except those that already did.

        :raises SchemaError: names the tables.
        """
        if not self.check or self.dangling_before is None:
            return
        dangling = self._dangling()
        lost = sorted({f"{child} → {parent}" for child, _, parent, _ in dangling - self.dangling_before})
        self.dangling_before = None
        if lost:
            # SQLAlchemy takes the transaction for ended: whoever commits next would commit what is refused here.
            self.driver.rollback()
            raise SchemaError(
                f"After this revision, rows would refer to rows that do not exist: {', '.join(lost)}.",
                hint="Delete or correct the rows that refer to them in the same revision.",
            )

    def _dangling(self) -> set[tuple[Any, ...]]:
        return set(self.driver.execute("PRAGMA foreign_key_check").fetchall())


dialect = SQLite()
