"""Say what a downgrade of one database would take back, without doing it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

from alembic.operations.ops import BulkInsertOp

from ..core.finding import FixStep
from ..core.loss import StepBack, TakenBack, WayDown
from ..core.ops import DmlOp, HarmlessOp, OpaqueOp, SelectOp, SettingOp, TransactionOp
from ..core.plan import PlannedStep
from ..core.state import State
from ..dialects.row_counts import Counter
from ..scripts import directory, graph
from ..scripts.recorder import load_module, record
from ..scripts.renderer import renderer_for
from ..scripts.replay import replay
from ..scripts.sql_text import sql_of
from .judging import Files
from .lint import version_folders
from .loss import Losses, why_unclear
from .servers import server_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alembic.script import Script, ScriptDirectory
    from sqlalchemy import Connection

    from ..core.loss import Loss
    from ..core.recorded import RecordedOp, Recording
    from ..core.server import Server
    from ..scripts.recording.module import Module
    from .target import Target

# What `upgrade()` may leave behind without the schema being another one.
_NO_SCHEMA = (BulkInsertOp, DmlOp, HarmlessOp, OpaqueOp, SelectOp, SettingOp, TransactionOp)
_NOT_WORTH_A_LINE = (HarmlessOp, SelectOp, TransactionOp)
_WITHOUT_A_DATABASE = "it stops here without a database: "


def way_down(
    target: Target,
    scripts: ScriptDirectory,
    connection: Connection,
    ids: Sequence[str],
    *,
    standing: Sequence[str] = (),
    bind: str | None = None,
) -> WayDown:
    """Record what is taken back, and count on the connection what that deletes. Changes nothing.

    :param ids: of the revisions, in the order in which they are taken back.
    :param standing: the revisions in the version table.
    :param bind: the bind's name where the revisions have functions for several databases, "" for the default one.
    """
    server = server_of(connection)
    counted = Losses(Counter(connection, wait=target.settings.lock_timeout), server, bind)
    found = [script for script in map(scripts.get_revision, ids) if script is not None]
    revisions = [_taken_back(target, script, server, counted, bind) for script in found]
    name = f"the bind '{bind}'" if bind else "the database"
    url = connection.engine.url.render_as_string(hide_password=True)
    return WayDown(name, url, str(server), standing, revisions, transactional=server.transactional_ddl)


def _taken_back(
    target: Target, script: Script, server: Server, counted: Losses, bind: str | None
) -> TakenBack:
    module = load_module(Path(script.path))
    module.bind = bind
    recording = _recorded(target, script, module, server)
    stops = _stops(recording)
    steps = _steps(recording, counted, stops)
    remains = not recording.operations and stops is None and _changes_schema(script, module, server)
    return TakenBack(script.revision, script.doc or "", steps, remains=remains, stops=stops)


def _recorded(target: Target, script: Script, module: Module, server: Server) -> Recording:
    recording = record(Path(script.path), script.revision, server, "downgrade", module=module)
    if recording.asks_schema:
        state = _schema_at(target, script.revision, server)
        recording = record(
            Path(script.path), script.revision, server, "downgrade", module=module, schema=state
        )
    return recording


def _schema_at(target: Target, revision: str, server: Server) -> State:
    """Return what the history up to a revision builds."""
    files, state = Files(directory.read(version_folders(target))), State()
    below = graph.ancestors(files.history.revisions, (revision,))
    for each in files.ordered:
        if each.id in below:
            replay(state, files.recording(each, server, places=False, schema=state))
    return state


def _changes_schema(script: Script, module: Module, server: Server) -> bool:
    upgrade = record(Path(script.path), script.revision, server, "upgrade", module=module)
    return any(not isinstance(step.op, _NO_SCHEMA) for step in upgrade.operations)


def _stops(recording: Recording) -> str | None:
    """Say why `downgrade()` ends with an error, if it certainly does."""
    last = recording.operations[-1].op if recording.operations else None
    if not isinstance(last, OpaqueOp) or last.cause != "stop":
        return None
    raises = last.reason.startswith("it raises") or _always_raises(recording.source)
    return last.reason.replace(_WITHOUT_A_DATABASE, "it raises ") if raises else None


def _always_raises(source: str) -> bool:
    """True if a `raise` stands in `downgrade()` (of one of the binds) under no condition."""
    functions = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("downgrade")
    ]
    return any(isinstance(statement, ast.Raise) for function in functions for statement in function.body)


def _steps(recording: Recording, counted: Losses, stops: str | None) -> list[StepBack]:
    steps: list[StepBack] = []
    statement = None
    for step in recording.operations:
        losses = counted.of(step)
        unclear = None if stops and step is recording.operations[-1] else why_unclear(step)
        again = step.sql is not None and step.statement == statement
        statement = step.statement
        if again and steps:
            steps[-1] = _with(steps[-1], losses, unclear)
        elif losses or unclear or not isinstance(step.op, (*_NOT_WORTH_A_LINE, OpaqueOp)):
            steps.append(StepBack(_planned(step, recording.server, unclear), losses))
    return steps


def _with(known: StepBack, losses: Iterable[Loss], unclear: str | None) -> StepBack:
    """Add what another action of the same statement does."""
    first = known.step
    step = PlannedStep(first.sql, first.line, first.transaction, first.effects, first.unclear or unclear)
    return StepBack(step, (*known.losses, *losses))


def _planned(step: RecordedOp, server: Server, unclear: str | None) -> PlannedStep:
    sql = sql_of(step, server)
    if not sql and not isinstance(step.op, OpaqueOp):
        # A change that only a rebuild of the table can make: what the revision's author wrote says it best.
        sql = (renderer_for(server)((FixStep((step.op,)),)),)
    return PlannedStep(sql, step.line, None if step.autocommit else step.transaction, unclear=unclear)
