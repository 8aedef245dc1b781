"""Runs one revision in one direction: politely, again where a lock was missed, and on from where it once stopped."""

from __future__ import annotations

import time
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from ..core.effort import Effort
from ..core.journal import StepState
from ..core.statement import StatementKind, commits_implicitly, kind, patient
from ..core.waits import Miss, Trouble
from .attempts import Attempts
from .batches import resumable
from .journal import digest_of
from .resolving import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import Connection

    from ..core.journal import JournalStep
    from ..core.waits import Blocker
    from .journal import Journal
    from .session import Session
    from .statements import Sent

_WRITES = (StatementKind.DATA, StatementKind.SCHEMA)
_LONG_TRANSACTION = 1.0


class RevisionRun:
    """One revision that runs, from its first statement to the moment before its version is written.

    :param session: the run that it is a part of.
    :param journal: its steps, as far as it came before.
    """

    def __init__(self, session: Session, journal: Journal) -> None:
        self.effort = Effort()
        self.journal = journal
        self.statements: list[str] = []
        self._session = session
        self._context: MigrationContext = session.context
        self.connection: Connection = session.connection
        self._engine = self.connection.dialect.name
        self._attempts = Attempts(session.policy, self.effort)
        self._strong = False
        self._theirs = False
        self._paused = False
        self._collected: list[str] | None = None
        self._missed: tuple[str, float, tuple[Blocker, ...]] = ("", 0.0, ())

    def run(self, function: Callable[..., None], arguments: dict[str, Any]) -> None:
        """Call the function of the revision until it comes to its end.

        :raises LockNotObtained: if it misses its locks for longer than the budget.
        """
        with (
            self._restartable() as restart,
            self._session.ear.lent_to(self),
            resumable(self),
        ):
            while True:
                with self.own():
                    resolve(self._session, self.journal)
                try:
                    function(**arguments)
                except Exception as error:
                    self._session.waits.revision_ended()
                    miss = self._session.waits.failure(error)
                    if not isinstance(miss, Miss) or not restart():
                        raise
                    self._pause(miss)
                else:
                    self._session.waits.revision_ended()
                    return

    @property
    def rolls_back(self) -> bool:
        """Whether what is sent now can be rolled back."""
        return self._context.impl.transactional_ddl and not self._autocommit()

    def passes_as_a_whole(self) -> bool:
        """Whether what comes now stands in a transaction that was committed before."""
        return self.rolls_back and self.journal.passes()

    @contextmanager
    def collecting(self) -> Iterator[list[str]]:
        """Gather what is sent inside the block instead of executing it; reading goes on."""
        self._collected = []
        try:
            yield self._collected
        finally:
            self._collected = None

    def commit_now(self) -> None:
        """Keep what the runner has written down."""
        self._session.commit_now()

    def tell(self, line: str) -> None:
        """Tell a person."""
        self._session.policy.tell(line)

    def _pause(self, miss: Miss) -> None:
        statement, waited, blockers = self._missed
        self._attempts.missed(statement, miss, waited, blockers)
        self.journal.rewind()
        self.statements.clear()
        self._strong = self._theirs = False

    @contextmanager
    def _restartable(self) -> Iterator[Callable[[], bool]]:
        """Give a function that takes back what the revision did since its last commit; whether that was possible."""
        context = self._context
        if context._transaction is None:
            yield lambda: False  # the caller's transaction is the caller's
        elif self._session.whole_run_in_one:
            with self.connection.begin_nested() as savepoint:
                saved = [savepoint]
                yield lambda: self._to_savepoint(saved)
                if saved[0] is not savepoint and saved[0].is_active:
                    saved[0].commit()
        else:
            yield self._to_begin

    def _to_begin(self) -> bool:
        context = self._context
        if context._transaction is not None:
            context._transaction.rollback()
        self._session.waits.rolled_back()
        context._transaction = self.connection.begin()
        return True

    def _to_savepoint(self, saved: list[Any]) -> bool:
        if not saved[0].is_active:
            return False  # an autocommit block has committed it
        saved[0].rollback()
        self._session.waits.rolled_back()
        saved[0] = self.connection.begin_nested()
        return True

    def on_commit(self) -> None:
        """Write down what a commit in the middle of the revision keeps."""
        if not self._autocommit() and not self._paused:
            with self.own():
                self.journal.committing()
        self._strong = False

    def on_rollback(self) -> None:
        """Know that its locks are gone."""
        self._strong = False

    def _autocommit(self) -> bool:
        chosen = self.connection.get_execution_options().get("isolation_level")
        default = getattr(self.connection.dialect, "_on_connect_isolation_level", None)
        return (chosen or default) == "AUTOCOMMIT"

    @contextmanager
    def own(self) -> Iterator[None]:
        """Let statements of the runner itself pass."""
        self._paused = True
        try:
            yield
        finally:
            self._paused = False

    def perform(self, sent: Sent) -> bool:
        """Decide about one statement. Whether it was dealt with."""
        if self._paused:
            return False
        what = kind(sent.sql, self._engine)
        if what is StatementKind.READ and self._collected is None:
            self._read(sent)
            return True
        if what not in _WRITES:
            self._theirs = self._theirs or self._session.waits.theirs(sent.sql)
            return False
        if self._collected is not None:
            self._collected.append(sent.sql)
            sent.answer_nothing(self._engine)
            return True
        autocommit = self._autocommit()
        at_once = autocommit or commits_implicitly(sent.sql, self._engine)
        with self._session.stopping.only_afterwards() if at_once else nullcontext():
            if at_once and what is StatementKind.SCHEMA:
                self._schema_at_once(sent)
            elif autocommit:
                self._rows_at_once(sent)
            else:
                self._in_transaction(sent, schema=what is StatementKind.SCHEMA)
        return True

    def _in_transaction(self, sent: Sent, *, schema: bool) -> None:
        digest = digest_of(sent.sql, sent.parameters)
        if self.journal.passes():
            self._pass_over(sent, digest)
            return
        # SQLite knows one lock, for the whole file.
        self._limited(sent, strong=schema or self._engine == "sqlite")
        self.journal.wrote = True
        if not schema:
            self.journal.answered(digest, sent.answered())

    def _read(self, sent: Sent) -> None:
        """Read; or answer what was answered before, when the function goes on: what it read may be gone since."""
        digest = digest_of(sent.sql, sent.parameters)
        answer = self.journal.answer(digest)
        if answer is not None:
            sent.answer(answer)
        else:
            sent.execute()
            self.journal.answered(digest, sent.answered())

    def _pass_over(self, sent: Sent, digest: str, step: JournalStep | None = None) -> None:
        answer = self.journal.answer(digest, step)
        if answer is not None:
            sent.answer(answer)
        else:
            sent.answer_nothing(self._engine)

    def _schema_at_once(self, sent: Sent) -> None:
        """Change the schema where that cannot be rolled back: write down that it will be done, and that it is."""
        with self.own():
            step = self.journal.known(sent.sql)
            if step is not None and step.state is StepState.DONE:
                return
            step = step or self.journal.intend(sent.sql)
            self._session.commit_now()
        try:
            self._until_locked(sent)
        except Exception as error:
            if self._session.waits.failure(error) is not Trouble.LOST:
                with self.own():
                    self.journal.mark(step, StepState.FAILED)
                    self._session.commit_now()
            raise
        with self.own():
            self.journal.mark(step, StepState.DONE)
            self._session.commit_now()

    def _rows_at_once(self, sent: Sent) -> None:
        """Change rows in an autocommit block: in one transaction with the note that it was done."""
        digest = digest_of(sent.sql, sent.parameters)
        with self.own():
            step = self.journal.known_rows(sent.sql, digest)
            if step is not None and step.state is StepState.DONE:
                self._pass_over(sent, digest, step)
                return
        with self._session.transaction_of_its_own():
            self._limited(sent, strong=self._engine == "sqlite")
            self.journal.answered(digest, sent.answered())
            if not self.journal.forgets:
                with self.own():
                    self.journal.intend(sent.sql, StepState.DONE, digest=digest)

    def _until_locked(self, sent: Sent) -> None:
        """Execute a statement that takes effect at once; a missed lock has left nothing, so it is sent again."""
        while True:
            try:
                self._limited(sent, strong=True)
            except Exception as error:
                if self._session.waits.failure(error) is not Miss.LOCK or patient(sent.sql):
                    raise
                self._attempts.missed(sent.sql, Miss.LOCK, self._missed[1], self._missed[2])
            else:
                return

    def _limited(self, sent: Sent, *, strong: bool) -> None:
        """Execute a statement under the limit that is right for it, watched from outside."""
        waits, watchdog = self._session.waits, self._session.watchdog
        long = patient(sent.sql)
        limited = (strong or self._strong) and not long
        if not self._theirs:
            waits.limit(sent.cursor, locks=limited)
        if long:
            self._name_long_transactions(sent)
        self._strong = self._strong or (strong and not long)
        self.statements.append(sent.sql)
        began = time.monotonic()
        with watchdog.over(sent.sql, limited=limited) as watched:
            try:
                sent.execute()
            except BaseException:
                self._missed = (sent.sql, time.monotonic() - began, watched.blockers)
                raise

    def _name_long_transactions(self, sent: Sent) -> None:
        for blocker in self._session.watchdog.long_transactions(_LONG_TRANSACTION):
            self._session.policy.tell(f"`{' '.join(sent.sql.split())}` will wait for {blocker}.")
