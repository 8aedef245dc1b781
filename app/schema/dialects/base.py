"""What a migration has to know about a database engine, with the cautious answer for an unknown one."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from .waits.base import Unlimited

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import Connection

    from ..core.runner_lock import RunnerLock
    from ..core.waits import Waits


class Dialect:
    """One database engine. A file of this package overrides what it knows better."""

    configure_args: Mapping[str, Any] = {}
    """Arguments of `context.configure` that this engine needs; the user's own arguments win."""

    @contextmanager
    def prepared(self, connection: Connection) -> Iterator[None]:
        """Make a connection fit for migrations, and give it back as it was.

        :param connection: a connection that is not in a transaction.
        """
        yield

    def keeping(self, context: MigrationContext, tell: Callable[[str], None]) -> AbstractContextManager[None]:
        """Keep, while revisions run, what Alembic's ways on this engine would lose.

        :param context: of the database, connected.
        :param tell: is given one line about each thing that goes with what a revision drops.
        """
        return nullcontext()

    def back_up(
        self, connection: Connection, standing: Collection[str], *, keep: int, version_table: str
    ) -> str | None:
        """Copy the database before revisions run, where that is a matter of one file.

        :param standing: revisions that it stands at.
        :param keep: how many copies there are at most afterwards.
        :return: the command that brings the copy back, or `None` if none was made.
        """
        return None

    def runner_lock(
        self, connection: Connection, version_table: str, schema: str | None, *, work: bool
    ) -> RunnerLock | None:
        """Return the lock that lets one runner at a time change a version table; `None` if there is none to be had.

        :param connection: the one that migrates.
        :param schema: schema of the version table, `None` for the connection's own.
        :param work: whether the lock may use that connection too. It then ends its transaction.
        """
        return None

    def waits(
        self,
        connection: Connection,
        *,
        lock_timeout: float,
        statement_timeout: float | None,
        tell: Callable[[str], None],
    ) -> Waits:
        """Return what limits how long the statements of a connection wait for locks; here it limits nothing.

        :param connection: the one that migrates.
        :param lock_timeout: seconds for one attempt.
        :param statement_timeout: seconds that a statement may run while it has a lock that keeps others waiting.
        :param tell: is given one line where a wish cannot be met.
        """
        return Unlimited(connection, lock_timeout, statement_timeout, tell)
