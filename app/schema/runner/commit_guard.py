"""Notices that a run which Alembic believes to be over is rolled back.

For an `env.py` that this package did not write, in a command that it did not start, there is no moment afterwards in
which the version could be read back. What there is: Alembic says when a step is done, and SQLAlchemy says what
becomes of the transaction.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import alembic.context
from alembic.util import CommandError
from sqlalchemy import event

if TYPE_CHECKING:
    from typing import Any

    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import Connection


class CommitGuard:
    """A callback for `on_version_apply`, one for each command."""

    def __init__(self) -> None:
        self._not_committed: dict[Connection, list[str]] = {}

    def __call__(self, *, ctx: MigrationContext, step: Any, **_: Any) -> None:
        """Note that a step is done but not yet committed."""
        config: Any = ctx.config
        connection: Any = ctx.connection
        if ctx.as_sql or connection is config.attributes.get("connection"):
            return
        if connection not in self._not_committed:
            self._not_committed[connection] = []
            event.listen(connection, "commit", self._on_commit)
            event.listen(connection, "commit_twophase", self._on_commit)
            event.listen(connection, "rollback", self._on_rollback)
        self._not_committed[connection].extend(step.up_revision_ids)

    def _on_commit(self, connection: Connection, *_: Any) -> None:
        self._not_committed[connection].clear()

    def _on_rollback(self, connection: Connection) -> None:
        """Fail, unless another failure is the reason.

        :raises alembic.util.CommandError: names the revisions whose effect is lost.
        """
        lost = self._not_committed[connection]
        autocommit = connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"
        running = getattr(alembic.context, "config", None) is not None
        if lost and running and not autocommit and sys.exc_info()[0] is None:
            raise CommandError(
                f"The revisions {', '.join(lost)} ran, but what they did is rolled back: env.py executes a statement "
                "before `context.configure`, which opens a transaction that nobody commits. Move the statement "
                "behind `context.begin_transaction()`, or commit it."
            )
