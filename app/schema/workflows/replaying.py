"""Runs the history on scratch databases through the project's own `env.py`, without a trace anywhere else.

`env.py` connects to the live database as ever and calls `context.configure` with that connection. There the connection
is exchanged for one to a scratch database; everything else that `env.py` says counts as it does for an upgrade. No
lock is taken, no gate is passed, no ledger is written, nothing is logged, and no hook of the project is called: what
is done here did not happen.
"""

from __future__ import annotations

import logging
import sys
import time
from contextlib import ExitStack, contextmanager, redirect_stdout
from copy import copy
from dataclasses import dataclass, field, replace
from io import StringIO
from threading import get_ident
from typing import TYPE_CHECKING, Any

import alembic.context
import alembic.op
from alembic.runtime.environment import EnvironmentContext
from sqlalchemy import NullPool, create_engine, make_url

from .. import dialects
from ..core.errors import SchemaError
from ..dialects.scratch import maker_of
from ..runner.version import VERSION_TABLE
from ..runner.watch import Watch
from .confined import Confined
from .explain import explain
from .running import alone, revisions
from .scratch import scratch_beside
from .target import TARGET, WATCH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import URL, Connection, Engine

    from ..scripts.writing import RevisionFolder
    from .target import Target

    Scratch = Callable[[Engine], AbstractContextManager[Engine]]
    Key = tuple[URL, tuple[str, str | None]]

_LOGGERS = ("alembic", "flask_migrate")
_SECONDS_OF_SILENCE = 5.0


class NotFromEmpty(SchemaError):
    """The history does not build on an empty database."""


@dataclass
class Served:
    """One of the databases that `env.py` serves.

    :param bind: its bind key, "" for the default database or where `env.py` does not tell.
    :param url: where the live one is.
    :param live: a connection to it, as `env.py` opened it; open until the replay for it is over.
    :param version_table: name and schema.
    :param heads: the revisions to bring its scratch database to, in order.
    :param lent: a connection to the scratch database; there is none where nothing is to be built.
    :param touched: whether the revision that ran last did more than change rows.
    """

    bind: str
    url: URL
    live: Connection
    version_table: tuple[str, str | None]
    heads: tuple[str, ...] = ()
    lent: Connection | None = None
    touched: bool = True

    @property
    def scratch(self) -> Connection:
        """The connection to the scratch database."""
        assert self.lent is not None  # noqa: S101  # for mypy: visitors are called where something is built
        return self.lent

    @property
    def key(self) -> Key:
        """What tells it from others."""
        return self.url, self.version_table


@dataclass
class Visitor:
    """Who wants to see the replay. Its functions may read on the connections that there are.

    :param wanted: returns the revisions to bring a database to, in order; there is no scratch database yet, and none
        is made if there are none.
    :param reached: is told the heads of the scratch database: at the start, and after each revision.
    :param done: is told when all that was wanted has run for a database.
    """

    wanted: Callable[[Served], Sequence[str]]
    reached: Callable[[Served, tuple[str, ...]], None] = field(default=lambda _served, _heads: None)
    done: Callable[[Served], None] = field(default=lambda _served: None)


def replay(
    target: Target, visitor: Visitor, *, scratch: Scratch | None = None, tag: str | None = None
) -> None:
    """Replay the history for each database that `env.py` serves, one after the other.

    :param scratch: lends a scratch database for an engine; one beside the live database if nothing is said.
    :param tag: a word for `env.py`.
    :raises NotFromEmpty: names the revision that cannot run, and why.
    :raises SchemaError: if there can be no scratch database, or `env.py` fails.
    """
    folder = revisions(target)
    machine = _Machine(folder, visitor, scratch or scratch_beside(target), target.tell)
    config = copy(target.config)
    there = replace(target, config=config, console=False)
    config.attributes = {**target.config.attributes, TARGET: there, WATCH: Watch()}
    with alone(there), machine.open(), _silent(target), _aside():
        environment = EnvironmentContext(config, folder, fn=machine.steps, destination_rev="heads", tag=tag)
        with environment:
            machine.attach(environment)
            try:
                folder.run_env()
            except Exception as error:
                raise machine.explained(error, there) from error


class _Machine:
    """Exchanges connections, and hands out the steps."""

    def __init__(
        self, folder: RevisionFolder, visitor: Visitor, scratch: Scratch, tell: Callable[[str], None]
    ) -> None:
        self._folder = folder
        self._tell = tell
        self._told = time.monotonic()
        self._visitor = visitor
        self._scratch = scratch
        self._until = ExitStack()
        self._connections: dict[URL, Connection] = {}
        self._confined = Confined()
        self._served: Served | None = None
        self._running: Any = None

    @contextmanager
    def open(self) -> Iterator[None]:
        """Keep the scratch databases until the end of the block."""
        with self._until, self._confined.watching():
            yield

    def attach(self, environment: Any) -> None:
        """Take the place of `context.configure`, and let tables be rebuilt as an upgrade rebuilds them."""
        configure, run = environment.configure, environment.run_migrations

        def configured(connection: Any = None, **options: Any) -> None:
            self._served = self._serve(connection, options, environment.config.attributes[WATCH].bind)
            # Where nothing runs, nothing may be written either, not even an empty version table.
            environment.context_opts["dont_mutate"] = self._served.lent is None
            # What a project wants to be told of an upgrade, nobody is told of this.
            told = {**options, "on_version_apply": (), "transaction_per_migration": True}
            configure(connection=self._served.lent or connection, **told)

        def run_migrations(**names: Any) -> None:
            context = environment.get_context()
            with dialects.for_name(context.dialect.name).keeping(context, lambda _line: None):
                run(**names)

        environment.configure, environment.run_migrations = configured, run_migrations

    def _serve(self, live: Connection, options: dict[str, Any], bind: str) -> Served:
        idle = not live.in_transaction()
        version_table = (options.get("version_table") or VERSION_TABLE, options.get("version_table_schema"))
        served = Served(bind, live.engine.url, live, version_table)
        served.heads = tuple(self._visitor.wanted(served))
        if served.heads:
            served.lent = self._connections.get(served.url) or self._connect(live)
            maker_of(live.dialect.name).take_over(live, served.lent)
            served.lent.commit()
        if idle:
            live.rollback()
        return served

    def _connect(self, live: Connection) -> Connection:
        engine = self._until.enter_context(self._scratch(live.engine))
        connection = self._until.enter_context(engine.connect())
        self._confined.admit(connection)
        connection.rollback()
        self._until.enter_context(dialects.for_name(connection.dialect.name).prepared(connection))
        self._connections[live.engine.url] = connection
        return connection

    def steps(self, heads: Any, context: MigrationContext) -> Iterator[Any]:
        """Hand out the steps for the database that was configured last."""
        served = self._served
        assert served is not None  # noqa: S101  # for mypy: there is no run without `configure`
        if served.lent is None:
            return
        now = tuple(sorted(heads))
        self._visitor.reached(served, now)
        for revision in served.heads:
            destination: Any = revision
            plan = list(self._folder._upgrade_revs(destination, now))  # type: ignore[arg-type]  # takes heads too
            for number, step in enumerate(plan):
                self._progress(number, len(plan))
                self._running = step
                self._confined.begin()
                yield step
                self._confined.end()
                self._running = None
                now = tuple(sorted(context.get_current_heads()))
                served.touched = self._confined.schema_touched
                self._visitor.reached(served, now)
        self._visitor.done(served)

    def _progress(self, done: int, all_of_them: int) -> None:
        if time.monotonic() - self._told > _SECONDS_OF_SILENCE:
            self._told = time.monotonic()
            self._tell(f"Replaying the history on a scratch database: {done} of {all_of_them} revisions.")

    def explained(self, error: Exception, target: Target) -> SchemaError:
        """Say which revision could not run, if one was running."""
        self._confined.end()
        explained = explain(error, target)
        if self._running is None:
            return explained
        revision = self._running.revision
        return NotFromEmpty(
            f"The history does not build on an empty database: revision '{revision.revision}' "
            f"cannot run there. {explained.found}",
            hint=explained.hint if not isinstance(error, SchemaError) else None,
        )


def build(target: Target, url: URL | str, revisions: Sequence[str]) -> None:
    """Bring a scratch database to revisions by running the history of the default database.

    :raises NotFromEmpty: the history does not build from an empty database.
    """
    default = target.bind.engine.url
    beside = scratch_beside(target)
    replay(
        target,
        Visitor(lambda served: revisions if served.url == default else ()),
        scratch=lambda near: _given(url) if near.url == default else beside(near),
    )


@contextmanager
def _given(url: URL | str) -> Iterator[Engine]:
    engine = create_engine(make_url(url), poolclass=NullPool)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _aside() -> Iterator[None]:
    """Let Alembic run something else, and give its globals back to the command that is running."""
    modules = [vars(alembic.context), vars(alembic.op)]
    before = [module.get("_proxy") for module in modules]
    try:
        yield
    finally:
        for proxy in before:
            if proxy is not None:
                proxy._install_proxy()


@contextmanager
def _silent(target: Target) -> Iterator[None]:
    """Keep what `env.py`, Alembic and the revisions say in this thread to ourselves."""
    thread = get_ident()

    def from_elsewhere(record: logging.LogRecord) -> bool:
        return record.thread != thread or record.levelno > logging.WARNING

    known = [name for name in logging.Logger.manager.loggerDict if name.split(".")[0] in _LOGGERS]
    loggers = [logging.getLogger(name) for name in {*known, "alembic.env", "alembic.runtime.migration"}]
    for logger in loggers:
        logger.addFilter(from_elsewhere)
    try:
        # A web process has other threads that print.
        with redirect_stdout(StringIO() if target.console else sys.stdout):
            yield
    finally:
        for logger in loggers:
            logger.removeFilter(from_elsewhere)
