"""Runs the revisions of one command in one database, under its lock."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from functools import partial, update_wrapper
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from .. import dialects
from ..core.effort import Effort
from ..core.errors import SchemaError
from ..core.journal import half_done
from ..core.waits import Trouble
from ..core.wording import listed
from ..dialects.locks.dedicated import closing_dedicated
from ..ledger.journal import JournalStore
from .journal import Journal
from .postconditions import broken
from .resolving import require_unfinished_first
from .revision_run import RevisionRun
from .statements import Ear
from .version import revisions_of_database
from .watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import Connection

    from ..core.journal import JournalStep
    from ..core.recorded import Direction
    from .books import Books
    from .policy import Policy
    from .stopping import Stopping


class Session:
    """The run of one command in one database.

    :param context: Alembic's, connected.
    :param policy: how the runner behaves.
    :param stopping: whether somebody wants it to stop.
    """

    def __init__(self, context: MigrationContext, policy: Policy, stopping: Stopping) -> None:
        connection: Any = context.connection
        self.context = context
        self.connection: Connection = connection
        self.policy = policy
        self.stopping = stopping
        self.waits = dialects.for_name(connection.dialect.name).waits(
            connection,
            lock_timeout=policy.lock_timeout,
            statement_timeout=policy.statement_timeout,
            tell=policy.tell,
        )
        self.watchdog = Watchdog(connection, self.waits, policy)
        self.ear = Ear(connection)
        self._ours = not context._in_external_transaction
        self._store = JournalStore(connection, context.version_table, context.version_table_schema)
        self._steps: list[JournalStep] = []
        self._run: RevisionRun | None = None
        self._expected: set[str] = set()
        self._books: Books | None = None
        self._step: Any = None
        self._failure: BaseException | None = None
        self._moved = False
        self._kept = False
        self._way_back: str | None = None

    @property
    def whole_run_in_one(self) -> bool:
        """Whether all revisions share one transaction."""
        return self.context.impl.transactional_ddl and not self.context._transaction_per_migration

    def begin(self) -> None:
        """Set the connection up. Called outside of a transaction, if there is not one of the caller's."""
        if self._ours:
            self.waits.begin()

    def end(self) -> None:
        """Give the connection back as it was."""
        self.ear.close()
        self.watchdog.stop()
        if self._books is not None and self._failure is not None and self._step is not None:
            self._books.failed(self._step, self._failure, self.effort)
        if not self._ours:
            return
        if self.connection.in_transaction() and self.context._transaction is None:
            self.connection.commit()
        if not self.connection.in_transaction():
            self.waits.end()

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Remember what goes wrong inside the block, so that it is entered when all was rolled back."""
        try:
            yield
        except BaseException as error:
            self._failure = error
            self._tell_way_back()
            if self._moved and self.waits.failure(error) is Trouble.LOST:
                raise self._lost_while_committing() from error
            raise

    def steps(self, heads: Iterable[str], steps: Iterable[Any]) -> Iterator[Any]:
        """Hand out the steps to Alembic, each guarded; it comes back for the next one when one is committed.

        :param heads: what the version table says.
        """
        self.context.on_version_apply_callbacks = (
            *self.context.on_version_apply_callbacks,
            self._on_version,
        )
        for number, step in enumerate(steps):
            if number == 0:
                self._back_up(step, heads)
                self._open(heads)
            self.stopping.check()
            function = step.migration_fn
            step.migration_fn = update_wrapper(partial(self._guarded, step, function), function)
            yield step
            self._committed(step)

    def commit_now(self) -> None:
        """Commit what was written on an engine that commits before and after each change of the schema anyway."""
        if not self.context.impl.transactional_ddl:
            driver: Any = self.connection.connection.dbapi_connection
            driver.commit()

    @contextmanager
    def transaction_of_its_own(self) -> Iterator[None]:
        """Open a transaction on a connection that SQLAlchemy believes to be in autocommit."""
        cursor = self.connection.connection.cursor()
        cursor.execute("BEGIN")
        try:
            yield
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
        else:
            cursor.execute("COMMIT")
        finally:
            cursor.close()

    def _back_up(self, step: Any, heads: Iterable[str]) -> None:
        """Copy what revisions are about to change; a caller who began a transaction can roll it back."""
        if not self._ours or not hasattr(step, "revision"):
            return
        self._way_back = dialects.for_name(self.connection.dialect.name).back_up(
            self.connection,
            tuple(heads),
            keep=self.policy.backups,
            version_table=self.context.version_table,
        )

    def _tell_way_back(self) -> None:
        """Say how to undo what was committed before the failure; where all was rolled back there is nothing to undo."""
        changed = self._kept or (self._run is not None and self._run.journal.steps)
        if self._way_back is not None and changed:
            self.policy.tell(
                f"To bring the database back to where it was before, stop the application and type: {self._way_back}"
            )

    def _open(self, heads: Iterable[str]) -> None:
        if not self.context.impl.transactional_ddl:
            self._store.create()
        self._steps = self._store.read()
        if self.policy.clerk is not None:
            # It brings the recorder of revisions, which a command that runs none must not wait for.
            from .books import Books

            self._books = Books(self.context, self.policy.clerk)
            self._books.open(heads)
        self._settle()

    def _settle(self) -> None:
        """Commit what the runner wrote, so that Alembic can begin the transaction of the next revision."""
        if self._ours and self.context._transaction is None and self.connection.in_transaction():
            self.connection.commit()

    def _guarded(self, step: Any, function: Any, **arguments: Any) -> None:
        if not hasattr(step, "revision"):  # a stamp
            self._started(step)
            function(**arguments)
            return
        direction: Direction = "upgrade" if step.is_upgrade else "downgrade"
        revision = step.revision.revision
        require_unfinished_first(self._steps, revision, direction)
        self._steps = [it for it in self._steps if (it.revision, it.direction) == (revision, direction)]
        journal = Journal(self._store, self._steps, revision, direction)
        self._started(step, resumes=bool(self._steps))
        self._run = RevisionRun(self, journal)
        self._run.run(function, arguments)

    def _started(self, step: Any, *, resumes: bool = False) -> None:
        self._step = step
        if self._books is not None:
            self._books.started(step, resumes=resumes)

    def _on_version(self, *, heads: set[str], **_: Any) -> None:
        """Write down what was done, in the transaction that moves the version."""
        self._expected = set(heads)
        self._moved = True
        if self._run is not None:
            self._run.journal.finish()
        else:
            self._forget_unfinished()
        self._steps = []
        if self._books is not None and self._step is not None:
            self._books.done(self._step, heads, self.effort)

    def _lost_while_committing(self) -> SchemaError:
        """Ask the ledger what became of a commit whose answer never came."""
        name = listed(self._step.info.up_revision_ids)
        with suppress(SQLAlchemyError), closing_dedicated(self.connection) as other:
            if self._books is not None and self._books.kept(other):
                self._failure = None
                return _lost(name, "The ledger says that it was committed.")
            return _lost(name, "The ledger says that it was not committed.")
        return _lost(name, "The database does not answer, so that it is not known whether that was done.")

    def _forget_unfinished(self) -> None:
        """Take the word of a stamp for what was left half-way."""
        for revision, direction in half_done(self._steps):
            self.policy.tell(
                f"The {direction} of revision '{revision}' had been interrupted; `stamp` ends that."
            )
        for step in self._steps:
            self._store.remove(step)

    def _committed(self, step: Any) -> None:
        """Look whether what was done was kept, and is what it was meant to be."""
        statements = self._run.statements if self._run is not None else []
        if not self._ours or self.context._transaction is not None:
            self._run = self._step = None
            self._moved = False
            return
        actual = revisions_of_database(
            self.connection, self.context.version_table, self.context.version_table_schema
        )
        left = broken(self.connection, statements)
        self.connection.rollback()
        self._moved = False
        self._kept = True
        if set(actual) != self._expected:
            raise _not_kept(step, actual, self._expected)
        if left:
            raise _left_broken(step, left)
        self._run = self._step = None

    @property
    def effort(self) -> Effort:
        """What the revision that ran last cost."""
        return self._run.effort if self._run is not None else Effort()


def _not_kept(step: Any, actual: Iterable[str], expected: Iterable[str]) -> SchemaError:
    return SchemaError(
        f"Revision {listed(step.info.up_revision_ids)} ran, but the database stands at {_named(actual)}: "
        "what it did was not kept.",
        expected=f"It should stand at {_named(expected)}.",
        hint="Look for `commit()` and `rollback()` in the revision and leave them to the runner; for what cannot run "
        "in a transaction there is `op.get_context().autocommit_block()`. In env.py, nothing may be executed before "
        "`context.configure`.",
    )


def _lost(name: str, outcome: str) -> SchemaError:
    return SchemaError(
        f"The connection to the database was lost while revision {name} was being committed. {outcome}",
        hint="Type the command again: it reads the version first, and goes on from there.",
    )


def _left_broken(step: Any, left: Iterable[str]) -> SchemaError:
    return SchemaError(
        f"Revision {listed(step.info.up_revision_ids)} ran and is recorded, but not all of it is usable. "
        + " ".join(left),
        hint="Then type the command again to go on.",
    )


def _named(revisions: Iterable[str]) -> str:
    found = sorted(revisions)
    return f"revision {listed(found)}" if found else "no revision"
