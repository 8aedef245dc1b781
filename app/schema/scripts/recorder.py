"""Runs `upgrade()` and `downgrade()` of a revision without a database and yields what they would do.

The revision is a program: it runs here with an `op` that only takes notes (`recording.operations`). What it cannot
learn without a database (rows, reflected tables) comes back empty, and an `OpaqueOp` says so: *cannot tell*, never
*safe*. Alembic's `op` and `context` are process-wide, so recording holds a lock and puts back what was there.
"""

from __future__ import annotations

import contextlib
import io
import threading
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import alembic.context
import alembic.op
from alembic.operations.ops import CreateTableOp

from ..core.ops import OpaqueOp
from ..core.recorded import Direction, Recording
from .offline import silence
from .recording.module import Module, load
from .recording.operations import RecordingContext, RecordingEnvironment, RecordingOperations
from .recording.stubs import make_stub, missing_modules_stubbed
from .recording.tape import Tape, TooManyOperationsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from ..core.server import Server
    from ..core.state import State

_LOCK = threading.RLock()


def record(
    path: Path,
    revision: str,
    server: Server,
    direction: Direction = "upgrade",
    *,
    parents: tuple[str, ...] = (),
    module: Module | None = None,
    places: bool = True,
    schema: State | None = None,
) -> Recording:
    """Record one direction of one revision for a server.

    :param path: the revision file; :param revision: its id; :param parents: the ids it builds on.
    :param module: the file, if it is loaded already (`load_module`).
    :param places: false for revisions that are only replayed: their operations then have no lines, and the
        recording no source and no imports, which takes half the time.
    :param schema: what the history built before it, for a revision that asks which tables and columns there are.
    :return: the operations in order. Never raises for what the file holds: that becomes an `OpaqueOp`.
    """
    with _LOCK, _quiet(), missing_modules_stubbed() as stubbed:
        module = module or load(path)
        tape = Tape(module, server, places=places, schema=schema)
        if module.failure:
            tape.add(OpaqueOp(module.failure, cause="load"))
        else:
            _run(module, tape, server, direction)
    created = {str(step.op.table_name) for step in tape.operations if isinstance(step.op, CreateTableOp)}
    tape.reads_data |= not created.issuperset(tape.asked_for)
    if tape.reads_data:
        tape.add(
            OpaqueOp("what it does depends on rows or tables that it reads from the database", cause="data")
        )
    missing = tuple(dict.fromkeys([*module.stubbed, *stubbed]))
    if missing:
        tape.add(OpaqueOp(f"it imports {', '.join(missing)}, which is not there", cause="import"))
    return Recording(
        revision=revision,
        direction=direction,
        server=server,
        path=path,
        operations=tuple(tape.operations),
        parents=parents,
        allow=module.allow,
        imports=module.imports if places else (),
        stubbed=missing,
        reads_data=tape.reads_data,
        asks_schema=tape.asks_schema,
        source=module.source if places else "",
    )


def load_module(path: Path, stands_for: Path | None = None) -> Module:
    """Load a revision file once, to record it for several servers and directions.

    :param stands_for: what the file is told to be, if it is another version of that one.
    """
    with _LOCK, _quiet(), missing_modules_stubbed() as stubbed:
        module = load(path, stands_for)
    module.stubbed = tuple(dict.fromkeys(stubbed))
    return module


@lru_cache(maxsize=16)
def _context(server: Server) -> tuple[RecordingContext, RecordingOperations]:
    """Return the context of a server. One serves all revisions, one after the other, under the lock."""
    return RecordingContext.make(server.dialect())


def _run(module: Module, tape: Tape, server: Server, direction: Direction) -> None:
    context, operations = _context(server)
    context.attach(tape)
    environment = RecordingEnvironment(context)
    with _stand_in(alembic.op, operations), _stand_in(alembic.context, environment):
        for function in module.functions(direction):
            _call(function, operations, tape)


def _call(function: Any, operations: Any, tape: Tape) -> None:
    """Call `upgrade` or `downgrade`; some projects hand in `op` and more."""
    names = (
        function.__code__.co_varnames[: function.__code__.co_argcount]
        if hasattr(function, "__code__")
        else ()
    )
    required = names[: len(names) - len(getattr(function, "__defaults__", None) or ())]
    arguments = [operations if name == "op" else make_stub(name)() for name in required]
    try:
        function(*arguments)
    except TooManyOperationsError:
        tape.reads_data = True
    except (Exception, SystemExit) as error:  # noqa: BLE001  (a foreign program may raise anything; we report it)
        tape.add_at_end(OpaqueOp(_what_happened(error), cause="stop"))


def _what_happened(error: BaseException) -> str:
    if isinstance(error, NotImplementedError):
        return f"it raises NotImplementedError{f': {error}' if str(error) else ''}"
    return f"it stops here without a database: {type(error).__name__}: {error}"


@contextlib.contextmanager
def _stand_in(module: ModuleType, substitute: Any) -> Iterator[None]:
    """Let a proxy module of Alembic speak for `substitute`, and put everything back.

    Its names are taken away, so that Python asks `__getattr__` for each: a revision uses a few of a hundred.
    """
    saved = dict(vars(module))

    def speak(name: str) -> Any:
        if name in saved and not (hasattr(type(substitute), name) or name in vars(substitute)):
            return saved[name]
        return getattr(substitute, name)

    kept = {name: value for name, value in saved.items() if name.startswith("_")}
    vars(module).clear()
    vars(module).update(kept, _proxy=substitute, __getattr__=speak)
    try:
        yield
    finally:
        vars(module).clear()
        vars(module).update(saved)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the revision's prints and warnings and Alembic's log lines from the user's screen."""
    with silence(), warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
