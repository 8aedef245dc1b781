"""Say what an upgrade would do to the connected database, without doing it."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from .. import dialects
from ..core.ops import HarmlessOp, OpaqueOp
from ..core.plan import LockWaits, Plan, PlannedEffect, PlannedRevision, PlannedStep
from ..core.state import State
from ..dialects.effects import effects_of
from ..runner.version import revisions_of_database
from ..scripts import directory, graph
from ..scripts.replay import replay_step
from ..scripts.selection import resolve
from ..scripts.sql_text import grouped, sql_of, sql_of_rebuild
from .judging import Files, judge
from .lint import environment_of, version_folders
from .live import live_facts
from .running import running
from .servers import server_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from ..core.effect import Effect
    from ..core.facts import Facts
    from ..core.judgement import Judgement
    from ..core.recorded import RecordedOp, Recording
    from ..core.revision import Revision
    from ..core.server import Server
    from .target import Target


def plan(target: Target, revision: str = "head") -> Plan:
    """Return what `upgrade` to a revision would run now, statement by statement. Writes nothing anywhere.

    :raise SchemaError: the database does not answer, or the revision is unknown.
    """
    with running(target):
        files = Files(directory.read(version_folders(target)))
        with target.bind.engine.connect() as connection:
            standing = revisions_of_database(connection, *target.version_table)
            pending = _pending(files, standing, revision)
            recordings = [files.recording(each, server_of(connection)) for each in pending]
            facts = live_facts(
                connection, [step for recording in recordings for step in recording.operations]
            )
            connection.rollback()
            waits = _lock_waits(target, connection)
        judgement = judge(
            files, [r.id for r in pending], [facts.server], facts=facts, environment=environment_of(target)
        )
        return _plan(target, files, pending, facts, judgement, standing, waits)


def _pending(files: Files, standing: Sequence[str], revision: str) -> list[Revision]:
    history = files.history
    wanted = graph.ancestors(history.revisions, resolve(history, revision))
    done = graph.ancestors(history.revisions, standing)
    return [each for each in files.ordered if each.id in wanted and each.id not in done]


def _plan(
    target: Target,
    files: Files,
    pending: Sequence[Revision],
    facts: Facts,
    judgement: Judgement,
    standing: Sequence[str],
    waits: LockWaits,
) -> Plan:
    ids = {revision.id for revision in pending}
    state, planned = State(), []
    for revision in files.ordered:
        recording = files.recording(revision, facts.server, places=revision.id in ids)
        if revision.id in ids:
            findings = [finding for finding in judgement.findings if finding.revision == revision.id]
            steps = _steps(recording, state, facts)
            planned.append(
                PlannedRevision(revision.id, revision.message, str(revision.path), steps, findings)
            )
        else:
            for step in recording.operations:
                replay_step(state, step, revision.id, facts.server.engine)
    url = target.bind.engine.url.render_as_string(hide_password=True)
    return Plan(url, str(facts.server), standing, planned, waits, facts.longest_transaction)


def _lock_waits(target: Target, connection: Connection) -> LockWaits:
    """What the runner can achieve on this server. Asks the server nothing."""
    settings = target.settings
    waits = dialects.for_name(connection.dialect.name).waits(
        connection,
        lock_timeout=settings.lock_timeout,
        statement_timeout=settings.statement_timeout,
        tell=target.tell,
    )
    attempt, server = (it if isfinite(it) else None for it in (waits.aimed, waits.achieved))
    return LockWaits(attempt, server, settings.lock_budget)


def _steps(recording: Recording, state: State, facts: Facts) -> list[PlannedStep]:
    """Return the steps of a revision, and let the state follow it."""
    steps = []
    for group in grouped(recording.operations):
        sql = _sql(group, state, facts.server)
        effects: list[Effect] = []
        for step in group:
            effects += effects_of(step, state, facts.server, recording.revision)
            replay_step(state, step, recording.revision, facts.server.engine)
        if sql or not isinstance(group[0].op, HarmlessOp):
            steps.append(_step(group, sql, _strongest(effects, facts)))
    return steps


def _sql(group: Sequence[RecordedOp], state: State, server: Server) -> tuple[str, ...]:
    if group[0].batch is not None and group[0].batch.recreates:
        return sql_of_rebuild(group, state, server)
    return sql_of(group[0], server)


def _step(group: Sequence[RecordedOp], sql: Sequence[str], effects: Sequence[PlannedEffect]) -> PlannedStep:
    first = group[0]
    unclear = first.op.reason if isinstance(first.op, OpaqueOp) else None
    if not sql and unclear is None:
        unclear = "its SQL depends on the table as it is in the database"
    return PlannedStep(sql, first.line, None if first.autocommit else first.transaction, effects, unclear)


def _strongest(effects: Sequence[Effect], facts: Facts) -> list[PlannedEffect]:
    """Keep one effect for each table: the one that blocks most."""
    chosen: dict[str, Effect] = {}
    for effect in effects:
        known = chosen.get(effect.table)
        if known is None or (effect.blocks, effect.grows) > (known.blocks, known.grows):
            chosen[effect.table] = effect
    return [PlannedEffect(effect, facts.tables.get(effect.table)) for effect in chosen.values()]
