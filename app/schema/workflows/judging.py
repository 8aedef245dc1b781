"""Judge revisions of a history for one or several servers. Needs files only: no database, no application."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..core.judgement import Judgement
from ..core.ops import OpaqueOp
from ..core.state import State
from ..dialects.effects import effects_of
from ..lint.engine import Judge
from ..lint.rule import Environment
from ..scripts.order import in_order
from ..scripts.recorder import load_module, record
from ..scripts.renderer import renderer_for
from ..scripts.replay import replay_step

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..core.facts import Facts
    from ..core.finding import Finding
    from ..core.recorded import Direction, Recording
    from ..core.revision import Revision
    from ..core.server import Server
    from ..scripts.directory import History
    from ..scripts.recording.module import Module


@dataclass
class Files:
    """The revision files of a history, in the order in which they run; each is loaded once.

    :param kept: full recordings that were made without knowing the schema, for whoever asks what the text means.
    """

    history: History
    ordered: list[Revision] = field(init=False)
    kept: dict[tuple[str, Direction, Server], Recording] = field(default_factory=dict)
    _modules: dict[str, Module] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ordered = in_order(self.history.revisions)

    def recording(
        self,
        revision: Revision,
        server: Server,
        direction: str = "upgrade",
        *,
        places: bool = True,
        schema: State | None = None,
    ) -> Recording:
        """Record one direction of a revision for a server.

        :param schema: what the history built before it, if the revision asks.
        """
        module = self._modules.get(revision.id)
        if module is None:
            module = self._modules[revision.id] = load_module(revision.path)
        way: Direction = "downgrade" if direction == "downgrade" else "upgrade"
        recording = record(
            revision.path,
            revision.id,
            server,
            way,
            parents=revision.down_revisions,
            module=module,
            places=places,
            schema=schema,
        )
        if places and schema is None:
            self.kept[revision.id, way, server] = recording
        return recording


def judge(
    files: Files,
    wanted: Iterable[str],
    servers: Sequence[Server],
    *,
    environment: Environment | None = None,
    facts: Facts | None = None,
) -> Judgement:
    """Judge revisions, on top of what the history before them built.

    :param wanted: ids of the revisions to judge.
    :param servers: judged for each; a finding that is the same for several is reported once and names them all.
    :param facts: what is known of the live database; used for the server that it was gathered from.
    """
    ids = set(wanted)
    environment = replace(environment or Environment(), several_engines=len({s.engine for s in servers}) > 1)
    found: list[Finding] = []
    unclear: dict[str, None] = {}
    for server in servers:
        own_facts = facts if facts is not None and facts.server.engine == server.engine else None
        for recording, findings in _judge_for(files, ids, server, environment, own_facts):
            found += findings
            if any(isinstance(step.op, OpaqueOp) for step in recording.operations):
                unclear[recording.revision] = None
    judged = [revision.id for revision in files.ordered if revision.id in ids]
    return Judgement(_merged(found, judged), judged, list(unclear), [str(server) for server in servers])


def _judge_for(
    files: Files, ids: set[str], server: Server, environment: Environment, facts: Facts | None
) -> Iterable[tuple[Recording, list[Finding]]]:
    recordings = [files.recording(r, server, places=r.id in ids) for r in files.ordered]
    work = Judge(
        server,
        State(),
        replay_step,
        effects_of,
        renderer_for(server),
        facts=facts,
        environment=environment,
        tolerant=True,
    )
    for number, (revision, recording) in enumerate(zip(files.ordered, recordings, strict=True)):
        wanted = revision.id in ids
        if recording.asks_schema:
            recording = files.recording(revision, server, places=wanted, schema=work.state)
        if not wanted:
            work.skip(recording)
            continue
        downgrade = files.recording(revision, server, "downgrade")
        if downgrade.asks_schema:
            after = _after(work.state, recording)
            downgrade = files.recording(revision, server, "downgrade", schema=after)
        yield recording, work.judge(recording, downgrade, later=recordings[number + 1 :])


def _after(state: State, recording: Recording) -> State:
    """Return the schema as a revision leaves it."""
    after = state.copy()
    for step in recording.operations:
        replay_step(after, step, recording.revision, recording.server.engine)
    return after


def _merged(findings: Sequence[Finding], order: Sequence[str]) -> list[Finding]:
    """Report what several servers have in common once, in the order of the history."""
    places = {revision: number for number, revision in enumerate(order)}
    merged: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        key = (finding.rule, finding.revision, finding.line, finding.table, finding.column, finding.message)
        if key in merged:
            known = merged[key]
            merged[key] = replace(known, server=f"{known.server}, {finding.server}")
        else:
            merged[key] = finding
    return sorted(merged.values(), key=lambda f: (places.get(f.revision or "", -1), f.line or 0, -f.severity))
