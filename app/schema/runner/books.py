"""Keeps the ledger while revisions run: what began, what was done, what failed.

Where a transaction takes schema changes back, an entry commits together with the change that it tells of. Elsewhere
an entry "started" is committed before the first statement, so that a runner that is killed leaves a trace.
"""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..core.entry import Entry, Kind, Page, Result, Standing, standing
from ..core.error_text import error_text
from ..ledger.store import LedgerStore, new_id
from .pages import Pages
from .server import server_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from sqlalchemy import Connection

    from ..core.effort import Effort
    from ..core.recorded import Direction
    from .clerk import Clerk

COSMETIC = "edited, and does the same"
"""The note of a repair that nobody had to ask for."""


class Books:
    """The ledger of one database during one command, under the runner's lock.

    :param context: Alembic's, connected.
    """

    def __init__(self, context: MigrationContext, clerk: Clerk) -> None:
        connection: Any = context.connection
        script: ScriptDirectory = context.script  # type: ignore[assignment]  # an environment sets it
        self._context = context
        self._connection: Connection = connection
        self._clerk = clerk
        server = server_of(connection)
        self.pages = Pages(script, server, clerk.recorded)
        self._server = str(server)
        self._store = self._store_on(connection)
        self._standing = Standing()
        self._attempt = ""
        self._resumes = False
        self._began = 0.0

    def open(self, heads: Iterable[str]) -> None:
        """Make the ledger where there is none, and enter what the version table says and the ledger does not.

        Commits nothing on an engine that can roll it back; whoever calls ends the transaction.

        :param heads: what the version table says.
        """
        if self._store.exists():
            self._standing = standing(self._store.read())
        else:
            self._store.create()
        if not self._context.purge:
            self._adopt(tuple(heads))
            self._describe_anew()

    def started(self, step: Any, *, resumes: bool = False) -> None:
        """Note that a step begins. Called within its transaction, before its first statement.

        :param step: Alembic's.
        :param resumes: whether it goes on where an earlier attempt stopped.
        """
        self._attempt = new_id()
        self._resumes = resumes
        self._began = time.monotonic()
        if not _is_stamp(step):
            self.pages.of(_id(step))
            if not self._whole(_id(step)):
                self._store.add([self._entry(step, Result.STARTED)])
                self._commit_now()

    def done(self, step: Any, heads: Iterable[str], effort: Effort) -> None:
        """Enter a step that was done. Called when the version has moved, in the same transaction.

        :param heads: what the version table says now.
        """
        after = tuple(sorted(heads))
        if _is_stamp(step):
            entries = self._stamped(step, after)
        else:
            entries = [self._entry(step, Result.DONE, effort, heads=after)]
        self._enter(entries)

    def failed(self, step: Any, error: BaseException, effort: Effort) -> None:
        """Enter a step that failed, in a transaction of its own; called when what it did was rolled back.

        Nothing is entered where the caller of the command has a transaction open: it is theirs. Nothing is raised:
        the failure is what must be read.
        """
        if _is_stamp(step):
            return
        url = self._connection.engine.url
        secret = None if url.password is None else str(url.password)
        text = error_text(error, secret, mysql=self._connection.dialect.name in ("mysql", "mariadb"))
        entry = self._entry(step, Result.FAILED, effort, error=text)
        with suppress(Exception), self._apart() as connection:
            if connection is not None and not self.kept(connection):
                store = self._store_on(connection)
                if not store.exists():  # it was made in the transaction that is gone
                    store.create()
                store.add([entry])

    def kept(self, connection: Connection) -> bool:
        """Whether the last step is entered as done: for a commit whose answer never came.

        :param connection: another one, if that of the run is lost.
        """
        store = self._store_on(connection)
        return store.exists() and store.has(self._attempt)

    def _enter(self, entries: list[Entry]) -> None:
        self._store.add(entries)
        for entry in entries:
            self._standing.add(entry)

    def _adopt(self, heads: tuple[str, ...]) -> None:
        """Enter what somebody else moved, or what was there before the ledger."""
        if set(heads) == set(self._standing.heads or ()):
            return
        self._attempt = new_id()
        entries = list(self._moves(Kind.ADOPT, tuple(sorted(heads))))
        if entries:
            self._enter(entries)

    def _describe_anew(self) -> None:
        self._attempt = new_id()
        pages = [self.pages.of(it) for it in self._clerk.cosmetic() if it in self._standing.applied]
        entries = [self._line(page, "upgrade", Kind.REPAIR, None) for page in pages]
        if entries:
            self._enter([replace(entry, note=COSMETIC) for entry in entries])

    def _stamped(self, step: Any, heads: tuple[str, ...]) -> list[Entry]:
        """An entry for each revision that a stamp declares applied or not applied, at least for those it names."""
        entries = list(self._moves(Kind.STAMP, heads))
        entered = {entry.revision for entry in entries}
        named = [revision for revision in step.to_revisions if revision not in entered]
        entries += [self._line(self.pages.of(it), "upgrade", Kind.STAMP, heads) for it in named]
        return entries or [self._line(Page(_stamped_away(step)), "downgrade", Kind.STAMP, heads)]

    def _moves(self, kind: Kind, heads: tuple[str, ...]) -> Iterator[Entry]:
        """What makes the revisions that the ledger says are applied those that the version table says are."""
        wanted = self.pages.lineage(heads)
        unknown = set(heads) - set(wanted)
        applied = self._standing.applied
        for revision in reversed([it for it in applied if it not in wanted and it not in unknown]):
            yield self._line(applied[revision].page, "downgrade", kind, heads)
        for revision in (*wanted, *sorted(unknown)):
            if revision not in applied:
                yield self._line(self.pages.of(revision), "upgrade", kind, heads)

    def _line(self, page: Page, direction: Direction, kind: Kind, heads: tuple[str, ...] | None) -> Entry:
        return self._clerk.entry(
            page, direction, kind, heads=heads, attempt=self._attempt, server=self._server
        )

    def _entry(self, step: Any, result: Result, effort: Effort | None = None, **fields: Any) -> Entry:
        direction: Direction = "upgrade" if step.is_upgrade else "downgrade"
        kind = Kind.RESUME if self._resumes else Kind(direction)
        if effort is not None:
            fields["duration"] = time.monotonic() - self._began
            fields.update(attempts=effort.attempts, longest_wait=effort.longest_wait)
        fields.update(attempt=self._attempt, server=self._server)
        return self._clerk.entry(self.pages.of(_id(step)), direction, kind, result, **fields)

    def _store_on(self, connection: Connection) -> LedgerStore:
        return LedgerStore(connection, self._context.version_table, self._context.version_table_schema)

    def _whole(self, revision: str) -> bool:
        """Whether all that a revision does is rolled back if it fails."""
        options = self._connection.get_execution_options()
        autocommit = options.get("isolation_level") == "AUTOCOMMIT"
        return (
            self._context.impl.transactional_ddl and not autocommit and revision not in self.pages.in_pieces
        )

    def _commit_now(self) -> None:
        """Commit what was written, if that commits nothing else."""
        context = self._context
        if context._in_external_transaction:
            return
        if not context.impl.transactional_ddl:  # the first change of the schema will commit anyway
            driver: Any = self._connection.connection.dbapi_connection
            driver.commit()
        elif context._transaction is not None and context._transaction_per_migration:
            context._transaction.commit()
            context._transaction = self._connection.begin()

    @contextmanager
    def _apart(self) -> Iterator[Connection | None]:
        """A connection with a transaction of its own; `None` if the caller has one open."""
        if self._connection.invalidated or self._connection.closed:
            with self._connection.engine.begin() as connection:
                yield connection
        elif self._connection.in_transaction():
            yield None
        else:
            with self._connection.begin():
                yield self._connection


def _is_stamp(step: Any) -> bool:
    return not hasattr(step, "revision")


def _id(step: Any) -> str:
    revision: str = step.revision.revision
    return revision


def _stamped_away(step: Any) -> str:
    """The revision that a stamp to the base leaves."""
    revisions: tuple[str, ...] = step.from_revisions
    return revisions[0]
