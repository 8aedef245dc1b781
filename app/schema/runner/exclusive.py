"""Lets one runner at a time change a database, from the first look at its version to the last commit.

Alembic reads the version, creates the version table, and runs: two runners that do so together run every revision
twice. So its `run_migrations` is called under a lock, and reads the version after the lock was had. Where nothing is
to be done, the lock is not taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from .. import dialects
from .lock import Patience, held
from .stopping import Stopping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.runtime.environment import EnvironmentContext
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import Connection

    from ..core.runner_lock import RunnerLock
    from .policy import Policy

Plan = Callable[[Any], Iterable[Any]]
"""From the revisions that a database stands at to the steps to run there. Has no effect."""


@contextmanager
def exclusive(environment: EnvironmentContext, plan: Plan, policy: Policy) -> Iterator[None]:
    """Put the lock before what `env.py` runs inside the block, whoever wrote it.

    :param environment: the one that `env.py` sees.
    """
    with ExitStack() as end:
        _install(environment, _Exclusive(environment, plan, policy, end))
        yield


def exclusive_while_it_runs(environment: EnvironmentContext, plan: Plan, policy: Policy) -> bool:
    """Do the same where the end of the command cannot be seen: what its caller commits later is not covered.

    :return: whether it was not done before.
    """
    new = "run_migrations" not in vars(environment)
    if new:
        _install(environment, _Exclusive(environment, plan, policy, None))
    return new


def _install(environment: Any, guard: _Exclusive) -> None:
    environment.run_migrations = guard.run_migrations
    environment.begin_transaction = guard.begin_transaction


class _Exclusive:
    """Stands in for two methods of one environment; `alembic.context` calls them on the object."""

    def __init__(
        self, environment: EnvironmentContext, plan: Plan, policy: Policy, end: ExitStack | None
    ) -> None:
        self._plan = plan
        self._policy = policy
        self._environment = environment
        self._run = environment.run_migrations
        self._begin = environment.begin_transaction
        self._end = end
        self._until_committed = ExitStack()
        self._kept: set[tuple[Any, ...]] = set()

    @contextmanager
    def begin_transaction(self) -> Iterator[Any]:
        """Begin what Alembic calls the outer transaction; the lock outlives its commit."""
        with self._until_committed, self._begin() as transaction:
            yield transaction

    def run_migrations(self, **names: Any) -> None:
        """Run what is to be done in one database, under its lock; what was to be done is asked again then."""
        context = self._environment.get_context()
        if context.as_sql:
            self._run(**names)
        elif not self._anything_to_do(context):
            with self._steps_of(context, _nothing):
                self._run(**names)
        else:
            dialect = dialects.for_name(context.dialect.name)
            with dialect.keeping(context, self._policy.tell):
                self._run_locked(context, names)

    def _anything_to_do(self, context: MigrationContext) -> bool:
        heads = () if context.purge else context.get_current_heads()
        # A plan that cannot be made is refused here, before `--purge` has forgotten anything.
        steps = list(self._plan(heads))
        return bool(steps or context.purge) or not (heads or context._has_version_table())

    def _run_locked(self, context: MigrationContext, names: dict[str, Any]) -> None:
        # A command with nothing to do does not wait for it to be loaded.
        from .session import Session

        connection: Any = context.connection
        place = (connection.engine.url, context.version_table, context.version_table_schema)
        ours = not context._in_external_transaction and context._transaction is None
        lock = None if place in self._kept else _lock_of(connection, place, work=ours)
        stopping = Stopping(self._policy.tell)
        with stopping.heeded(), ExitStack() as here:
            until = self._until(context, here, place)
            session = Session(context, self._policy, stopping)
            with _outside_of_a_transaction(context, connection):
                if lock is not None:
                    until.enter_context(held(lock, Patience(self._policy.runner_wait, self._policy.tell)))
                # An env.py that somebody else wrote has not done so.
                until.enter_context(dialects.for_name(context.dialect.name).prepared(connection))
                until.callback(session.end)
                session.begin()
            here.enter_context(
                self._steps_of(context, lambda heads, steps: session.steps(heads, _checked(steps, lock)))
            )
            here.enter_context(session.failing())
            self._run(**names)

    @contextmanager
    def _steps_of(
        self, context: MigrationContext, change: Callable[[Any, Iterable[Any]], Iterable[Any]]
    ) -> Iterator[None]:
        """Change, for the time of the block, what Alembic is handed as its steps; first look whether it may be."""
        before: Any = context._migrations_fn

        def steps(heads: Any, it: Any) -> Iterable[Any]:
            if self._policy.look is not None:
                self._policy.look(context, heads)
            return change(heads, before(heads, it))

        context._migrations_fn = steps
        try:
            yield
        finally:
            context._migrations_fn = before

    def _until(self, context: MigrationContext, here: ExitStack, place: tuple[Any, ...]) -> ExitStack:
        """Which moment ends the lock: the one after the last commit."""
        if context._in_external_transaction and self._end is not None:
            self._kept.add(place)
            return self._end
        return here if context._transaction is None else self._until_committed


def _lock_of(connection: Connection, place: tuple[Any, ...], *, work: bool) -> RunnerLock | None:
    _, version_table, schema = place
    dialect = dialects.for_name(connection.dialect.name)
    return dialect.runner_lock(connection, version_table, schema, work=work)


@contextmanager
def _outside_of_a_transaction(context: MigrationContext, connection: Connection) -> Iterator[None]:
    """End the transaction in which the version was read first, and begin Alembic's outer one anew after the block.

    While this runner waits, it would be in the way of the other one; and its snapshot may hide what that one commits.
    It is committed, because a `SET` before it may have told the session where to look. The transaction of a caller
    is the caller's.
    """
    outer = context._transaction
    if outer is not None:
        outer.commit()
        context._transaction = None
    elif connection.in_transaction() and not context._in_external_transaction:
        connection.commit()
    yield
    if outer is not None:
        context._transaction = connection.begin()


def _nothing(_heads: Any, steps: Iterable[Any]) -> Iterable[Any]:
    """Ask for the steps and run none: if there are any now, somebody moved the version a moment ago."""
    for _ in steps:
        break
    return ()


def _checked(steps: Iterable[Any], lock: RunnerLock | None) -> Iterator[Any]:
    """Begin no step without the lock."""
    for step in steps:
        if lock is not None:
            lock.require()
        yield step
