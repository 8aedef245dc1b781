"""The one place where commands run: one thread at a time, logging kept, every failure explained."""

from __future__ import annotations

import threading
import warnings
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import alembic.context
from alembic.runtime.environment import EnvironmentContext
from alembic.util import CommandError

from ..core.errors import Busy, SchemaError
from ..runner.exclusive import exclusive, exclusive_while_it_runs
from ..runner.policy import Policy
from ..runner.watch import Watch
from ..scripts.writing import RevisionFolder
from . import logs
from .explain import explain
from .policy import policy
from .target import TARGET, WATCH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..core.journal import Answer
    from ..runner.exclusive import Plan
    from ..runner.watch import Admission
    from .target import Target

_one_at_a_time = threading.RLock()


class AnotherThread(Busy):
    """Another thread of this process migrates right now."""


@contextmanager
def alone(target: Target) -> Iterator[None]:
    """Keep other threads out, and leave the process's logging as it was.

    Alembic keeps the running command in module globals (`alembic.context`, `alembic.op`), so that two threads of one
    process would run each other's revisions.

    :raises AnotherThread: at once, if another thread of this process is at it.
    """
    if not _one_at_a_time.acquire(blocking=False):
        raise _another_thread()
    try:
        shown = logs.console(logs.ini_of(target.config)) if target.console else nullcontext()
        with logs.preserved(), shown, _old_templates():
            yield
    finally:
        _one_at_a_time.release()


def _another_thread() -> AnotherThread:
    return AnotherThread(
        "Another thread of this process is running a schema command.",
        expected="Alembic works for one thread at a time.",
        hint="Run one after the other, or in processes of their own.",
    )


def refuse_second_thread() -> None:
    """Refuse to prepare a command of Alembic itself: it would take the running one's place before it asks anybody.

    :raises alembic.util.CommandError: if another thread of this process is running a schema command.
    """
    if not _one_at_a_time.acquire(blocking=False):
        raise CommandError(str(_another_thread()))
    _one_at_a_time.release()


@contextmanager
def running(target: Target) -> Iterator[None]:
    """Run a command, and turn whatever goes wrong into a `SchemaError`.

    :raises SchemaError: of the type and with the words that fit what happened.
    """
    try:
        with alone(target):
            target.require_directory()
            yield
    except SchemaError:
        raise
    except Exception as error:
        raise explain(error, target) from error


def revisions(target: Target) -> RevisionFolder:
    """The revision files of a target."""
    return RevisionFolder.from_config(target.config)


def run_environment(
    target: Target,
    folder: RevisionFolder,
    work: Callable[[Any, Any], Any],
    *,
    plan: Plan | None = None,
    rules: Policy | None = None,
    **options: Any,
) -> None:
    """Run `env.py`, which connects and then lets Alembic call `work(heads, context)` for each database.

    :param plan: what a command that changes databases will do there: one runner at a time.
    :param rules: how it does that.
    :param options: further options of the `MigrationContext`, such as `as_sql`.
    """
    target.config.attributes[TARGET] = target
    target.config.attributes.setdefault(WATCH, Watch(target.config.attributes.get("connection")))
    with EnvironmentContext(target.config, folder, fn=work, **options) as environment:
        lock = nullcontext() if plan is None else exclusive(environment, plan, rules or policy(target))
        with lock:
            folder.run_env()


def one_runner(target: Target, environment: EnvironmentContext) -> AbstractContextManager[None]:
    """Let one runner at a time run a command that Alembic itself has started, if it moves the version.

    :param environment: the one that Alembic made.
    """
    plan = plan_of(environment)
    if plan is None:
        return nullcontext()
    return exclusive(environment, plan, policy(target, upgrades=_upgrades(environment)))


def lock_what_runs(target: Target, gates: Callable[[Target, EnvironmentContext], Admission | None]) -> None:
    """Do the same for an `env.py` that was written by somebody else and is running now.

    :param gates: makes what the revisions pass before they run.
    """
    environment: Any = vars(alembic.context)["_proxy"]
    plan = plan_of(environment)
    if plan is None:
        return
    if exclusive_while_it_runs(environment, plan, policy(target, upgrades=_upgrades(environment))):
        options = environment.context_opts
        options["fn"] = Watch(admit=gates(target, environment)).at_the_gate(options["fn"])
        environment.run_migrations = _failing_as_alembic_does(environment.run_migrations)


def _upgrades(environment: EnvironmentContext) -> bool:
    """Whether a command of Alembic's own is `upgrade`: it hands a function of this name in."""
    return getattr(environment.context_opts["fn"], "__name__", "") == "upgrade"


def _failing_as_alembic_does(run: Callable[..., None]) -> Callable[..., None]:
    def run_migrations(**names: Any) -> None:
        try:
            run(**names)
        except SchemaError as error:
            raise CommandError(str(error)) from error

    return run_migrations


def plan_of(environment: EnvironmentContext) -> Plan | None:
    """What a command of Alembic's own will do in a database; `None` if it moves no version."""
    options = environment.context_opts
    if options.get("destination_rev") is None:
        return None
    # The functions of `upgrade`, `downgrade` and `stamp` look at the folder and at nothing else.
    steps: Callable[[Any, Any], Iterable[Any]] = options["fn"]
    return lambda heads: steps(heads, None)


def guarded(
    target: Target,
    folder: RevisionFolder,
    plan: Callable[[Any], Any],
    *,
    admit: Admission | None = None,
    upgrades: bool = False,
    note: str | None = None,
    answer: Answer | None = None,
    check: Callable[[Any], None] | None = None,
    **options: Any,
) -> Watch:
    """Run `env.py` for a command that moves the version, and read the version back.

    :param admit: the gate that upgrading revisions pass before they run.
    :param upgrades: whether files and ledger are compared first.
    :param note: why somebody forces what is done; for the ledger.
    :param check: is called with the context of each database before its first step, under the lock, to raise.
    :param plan: from the heads of one database to the steps to run there.
    :return: what was done.
    :raises SchemaError: if a step fails or its effect was not kept. It says where each database stands.
    """
    watch = Watch(target.config.attributes.get("connection"), admit)
    target.config.attributes[WATCH] = watch

    def work(heads: Any, context: Any) -> Any:
        if context.as_sql:
            return plan(heads)
        if check is not None:
            check(context)
        return watch.steps(context, heads, plan(heads))

    try:
        rules = policy(target, upgrades=upgrades, note=note, answer=answer)
        run_environment(target, folder, work, plan=plan, rules=rules, **options)
    except Exception as error:
        raise _with_standing(explain(error, target), watch) from error
    if not options.get("as_sql"):
        watch.require_a_run()
        watch.verify()
    return watch


def _with_standing(error: SchemaError, watch: Watch) -> SchemaError:
    """Add to a failure where it left the databases, unless they do not answer."""
    if any(run.planned for run in watch.runs):
        try:
            error.add_note(watch.standing())
        except Exception as silent:  # noqa: BLE001  # the first failure is what the user must read
            error.add_note(f"Where the database stands could not be read: {type(silent).__name__}.")
    return error


@contextmanager
def _old_templates() -> Iterator[None]:
    """Let the `env.py` of Flask-Migrate 3 and 4, which calls `db.get_engine()` first, run where warnings are errors."""
    with warnings.catch_warnings():
        for broken in ("is present more than once", "is not present"):
            warnings.filterwarnings("error", f"Revision .* {broken}", UserWarning)
        warnings.filterwarnings("ignore", "'get_engine' is deprecated", DeprecationWarning)
        yield


@contextmanager
def started_elsewhere(target: Target, *, read_back: bool, admit: Admission | None = None) -> Iterator[None]:
    """Guard `env.py` where Alembic or Flask-Migrate itself runs the command, and fail in their way.

    :param read_back: whether there is a database to read the version back from.
    :param admit: the gate that upgrading revisions pass before they run.
    :raises alembic.util.CommandError: if another thread migrates, or if the effect was not kept.
    """
    with_watch(target, admit)
    try:
        with alone(target):
            yield
            if read_back:
                target.config.attributes[WATCH].verify()
    except SchemaError as error:
        raise CommandError(str(error)) from error
    finally:
        del target.config.attributes[WATCH]


def with_watch(target: Target, admit: Admission | None = None) -> None:
    """Tell `env.py` that a workflow started the command, where Alembic's own function runs it.

    :param admit: the gate that upgrading revisions pass before they run.
    """
    target.config.attributes[WATCH] = Watch(target.config.attributes.get("connection"), admit)


def heads_of_databases(target: Target, folder: RevisionFolder) -> tuple[str, ...]:
    """The revisions in the version tables of the databases, each once."""
    found: dict[str, None] = {}

    def work(heads: Any, _context: Any) -> list[Any]:
        found.update(dict.fromkeys(heads))
        return []

    run_environment(target, folder, work)
    return tuple(found)
