"""Watches the runs of one command, database by database, and reads the version back when they are over.

Alembic believes its own transaction. If somebody else opened it (a statement before `context.configure`), nothing is
committed, the connection is closed, and the command ends well although nothing was kept. So what must stand in the
version table is computed from the steps that ran, and compared with what another connection sees.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args

from alembic.runtime.migration import HeadMaintainer

from ..core.errors import HistoryBroken, SchemaError
from ..core.recorded import Direction
from ..core.wording import listed
from .version import require_room, revisions_of_database

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic.runtime.migration import MigrationContext, MigrationStep
    from sqlalchemy import Connection, Engine


Admission = Callable[["MigrationContext", tuple[str, ...], Direction], None]
"""Is told the ids of the revisions that are about to run, and raises a `SchemaError` if they may not.

The ids are in the order in which they run. A stamp runs none.
"""


StepsOf = Callable[[Any, "MigrationContext"], "Iterable[MigrationStep]"]
"""What Alembic asks for the steps to run, given the revisions that a database stands at."""


class _Arithmetic(HeadMaintainer):
    """Alembic's own rules from step to heads, without writing."""

    def _insert_version(self, version: str) -> None:
        self.heads.add(version)

    def _delete_version(self, version: str) -> None:
        self.heads.discard(version)

    def _update_version(self, from_: str, to_: str) -> None:
        self.heads.discard(from_)
        self.heads.add(to_)


def heads_after(context: MigrationContext, heads: Iterable[str], steps: Iterable[Any]) -> set[str]:
    """Return the revisions that a database stands at when steps are done, by Alembic's own rules."""
    arithmetic = _Arithmetic(context, set(heads))
    for step in steps:
        arithmetic.update_to_step(step)
    return set(arithmetic.heads)


@dataclass
class Run:
    """What one command did to one database.

    :param bind: name of the bind, "" for the default one.
    :param database: where to look when it is over.
    :param version_table: name and schema of the version table.
    :param expected: revisions that the database must stand at after what ran so far.
    :param transactional: whether what a failed revision did to the schema is rolled back with it.
    :param planned: ids of the revisions to run; known from the first step on.
    :param done: ids of those that ran.
    """

    bind: str
    database: Engine | Connection
    version_table: tuple[str, str | None]
    expected: set[str]
    transactional: bool = False
    planned: tuple[str, ...] = ()
    done: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """How messages call the database."""
        return f"the bind '{self.bind}'" if self.bind else "the database"

    def actual(self) -> tuple[str, ...]:
        """The revisions that another connection sees."""
        with self._connection() as connection:
            return revisions_of_database(connection, *self.version_table)

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        if hasattr(self.database, "connect"):
            with self.database.connect() as connection:
                yield connection
        else:
            yield self.database


class Watch:
    """The runs of one command.

    :param admit: the gate that revisions pass before they run.
    :param connection: a connection that the caller gave to the command. Only the caller commits it, so that nobody
        else can see the result yet; the version is read on it.
    """

    def __init__(self, connection: Connection | None = None, admit: Admission | None = None) -> None:
        self.bind = ""
        self._admit = admit
        self._runs: dict[MigrationContext, Run] = {}
        self._given = connection

    @property
    def runs(self) -> list[Run]:
        """What was done, database by database."""
        return list(self._runs.values())

    def _begin(self, context: MigrationContext, heads: Iterable[str]) -> Run:
        """Note that revisions begin to run in a context."""
        connection: Any = context.connection
        given = self._given is not None and self._given.engine is connection.engine
        run = Run(
            bind=self.bind,
            database=connection if given else connection.engine,
            version_table=(context.version_table, context.version_table_schema),
            expected=set(heads),
            transactional=context.impl.transactional_ddl,
        )
        self._runs[context] = run
        return run

    def note(self, *, ctx: MigrationContext, heads: set[str], **_: Any) -> None:
        """Note a step of a command whose steps this watch did not hand out; a callback for `on_version_apply`."""
        if ctx.as_sql:
            return
        run = self._runs.get(ctx) or self._begin(ctx, heads)
        if not run.planned:
            run.expected = set(heads)

    def steps(
        self, context: MigrationContext, heads: Iterable[str], steps: Iterable[MigrationStep]
    ) -> Iterator[MigrationStep]:
        """Hand out the steps to Alembic, which comes back for the next one when one is done."""
        plan: list[Any] = list(steps)
        run = self._begin(context, () if context.purge else heads)
        run.planned = tuple(step_id for step in plan for step_id in _ids(step))
        require_room(context, run.planned)
        self.admit(context, plan)
        arithmetic = _Arithmetic(context, run.expected)
        for step in plan:
            yield step
            arithmetic.update_to_step(step)
            run.expected = set(arithmetic.heads)
            run.done.extend(_ids(step))

    def admit(self, context: MigrationContext, steps: Iterable[MigrationStep]) -> None:
        """Ask the gate whether the steps may run, before the first of them does.

        :raises SchemaError: if they may not.
        """
        if self._admit is None or context.as_sql:
            return
        plan: list[Any] = list(steps)
        running = [step.info for step in plan if not step.info.is_stamp]
        for direction in get_args(Direction):
            upwards = direction == "upgrade"
            ids = tuple(it for info in running if info.is_upgrade is upwards for it in info.up_revision_ids)
            if ids:
                self._admit(context, ids, direction)

    def at_the_gate(self, steps_of: StepsOf) -> StepsOf:
        """Put the gate before a function of Alembic's own commands, which hands its steps out itself."""

        def admitted(heads: Any, context: MigrationContext) -> list[MigrationStep]:
            steps = list(steps_of(heads, context))
            self.admit(context, steps)
            return steps

        return admitted

    def require_a_run(self) -> None:
        """Refuse an `env.py` that did not let Alembic run anything.

        :raises HistoryBroken: if there was no run.
        """
        if not self._runs:
            raise HistoryBroken(
                "env.py came to its end without running migrations.",
                expected="It must call `context.run_migrations()`.",
                hint="Compare it with the one that `flask db init` writes into an empty folder.",
            )

    def verify(self) -> None:
        """Read the version of every database back.

        :raises SchemaError: if a database stands anywhere but where the command brought it.
        """
        for run in self.runs:
            _compare(run, run.actual())

    def applied(self) -> tuple[str, ...]:
        """The ids of the revisions that ran, each once, in order."""
        return tuple(dict.fromkeys(step_id for run in self.runs for step_id in run.done))

    def standing(self) -> str:
        """One sentence about where each database stands now."""
        return " ".join(_standing(run) for run in self.runs)


def _ids(step: Any) -> tuple[str, ...]:
    ids: tuple[str, ...] = step.info.up_revision_ids
    return ids


def _compare(run: Run, actual: tuple[str, ...]) -> None:
    if set(actual) == run.expected:
        return
    raise SchemaError(
        f"The revisions ran, but {run.name} stands at {_revisions(actual)}: what they did was not kept.",
        expected=f"It should stand at {_revisions(sorted(run.expected))}.",
        hint="Look into env.py: a statement that is executed before `context.configure` opens a transaction that "
        "nobody commits. Move it behind `context.begin_transaction()`, or commit it.",
    )


def _standing(run: Run) -> str:
    text = f"{run.name[0].upper()}{run.name[1:]} stands at {_revisions(run.actual())}"
    return f"{text}; {len(run.done)} of {len(run.planned)} revisions ran." if run.planned else f"{text}."


def _revisions(ids: Iterable[str]) -> str:
    names = tuple(ids)
    return f"revision {listed(names)}" if names else "no revision"
