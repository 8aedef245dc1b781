"""Operations and rules → findings. All of them, never only the first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..core.finding import Severity
from . import allow
from .catalogue import Entry, by_id, entries
from .round_trip import touched, undone
from .rule import Environment, Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from alembic.operations.ops import MigrateOperation

    from ..core.effect import Effect
    from ..core.facts import Facts
    from ..core.finding import Finding, FixStep
    from ..core.recorded import RecordedOp, Recording
    from ..core.server import Server
    from ..core.state import State
    from .history import History


def usual_rules() -> tuple[Entry, ...]:
    """Return the rules that are on unless somebody says otherwise."""
    return tuple(entry for entry in entries() if entry.rule.default)


def judge_history(history: History, rules: Sequence[Entry] | None = None) -> list[Finding]:
    """Return the findings about the graph of revisions and about files that were edited or deleted.

    :param rules: the rules to ask, those that are usually on if not given.
    """
    chosen = usual_rules() if rules is None else rules
    found = [finding for e in chosen if e.rule.scope == "history" for finding in e.check(history)]
    return sorted(found, key=lambda finding: (-finding.severity, finding.rule, finding.revision or ""))


@dataclass
class Judge:
    """Judges revisions in the order of the history, for one server.

    :param state: the schema before the first revision; it is changed as revisions are judged or skipped.
    :param replay_step: `(state, step, revision, engine)`: lets the state follow an operation.
    :param effects_of: `(step, state, server)`: what the operation does to each table.
    :param render: operations → Python source for messages.
    :param tolerant: a rule that fails is reported as a finding instead of ending the command.
    """

    server: Server
    state: State
    replay_step: Callable[[State, RecordedOp, str, str], None]
    effects_of: Callable[[RecordedOp, State, Server], Sequence[Effect]]
    render: Callable[[Sequence[FixStep]], str]
    facts: Facts | None = None
    environment: Environment = field(default_factory=Environment)
    rules: Sequence[Entry] = field(default_factory=usual_rules)
    today: dt.date = field(default_factory=lambda: dt.datetime.now(dt.UTC).date())
    tolerant: bool = False
    _by_scope: dict[str, list[Entry]] = field(default_factory=dict, init=False, repr=False)
    _by_kind: dict[type[MigrateOperation], list[Entry]] = field(default_factory=dict, init=False, repr=False)

    def skip(self, recording: Recording) -> None:
        """Let the state follow a revision without judging it."""
        for step in recording.operations:
            self.replay_step(self.state, step, recording.revision, self.server.engine)

    def judge(
        self, recording: Recording, downgrade: Recording | None = None, later: Sequence[Recording] = ()
    ) -> list[Finding]:
        """Return the findings of one revision, and let the state follow it.

        Findings that the revision allows are among them, with the reason in `allowed`.
        """
        base = self._surroundings(recording, downgrade, later)
        before = touched(self.state, recording, downgrade)
        found: list[Finding] = []
        effects: list[Sequence[Effect]] = []
        for index, step in enumerate(recording.operations):
            effects.append(self.effects_of(step, self.state, self.server))
            around = replace(base, index=index, effects=effects[-1], all_effects=effects)
            found += _without_superseded(list(self._judge_step(step, around)))
            self.replay_step(self.state, step, recording.revision, self.server.engine)
        whole = replace(
            base,
            index=len(recording.operations),
            all_effects=effects,
            before=before,
            undone=undone(before, recording, downgrade, self.replay_step),
        )
        found += self._judge_whole(whole, "revision")
        marked, used = allow.apply(_unique(found), recording.allow, self.today)
        marked += self._judge_whole(self._with_allowances(whole, used), "allowances")
        return sorted(marked, key=lambda finding: (finding.line or 0, -finding.severity, finding.rule))

    def _with_allowances(self, whole: Surroundings, used: set[str]) -> Surroundings:
        entries = allow.allowances(whole.recording.allow)
        valid = [entry for entry in entries if entry.has_reason]
        expired = {entry.key: str(entry.until) for entry in valid if not entry.holds(self.today)}
        unused = (e.key for e in valid if e.key not in used and e.key not in expired)
        return replace(
            whole,
            unused=tuple(key for key in unused if self._could_fire(key.partition(" ")[0])),
            expired=expired,
            reasonless=tuple(entry.key for entry in entries if not entry.has_reason),
        )

    def _surroundings(
        self, recording: Recording, downgrade: Recording | None, later: Sequence[Recording]
    ) -> Surroundings:
        return Surroundings(
            rule=self.rules[0].rule,
            server=self.server,
            state=self.state,
            recording=recording,
            index=0,
            effects=(),
            render=self.render,
            facts=self.facts,
            environment=self.environment,
            later=later,
            downgrade=downgrade,
        )

    def _judge_step(self, step: RecordedOp, around: Surroundings) -> Iterator[tuple[Entry, Finding]]:
        new = around.is_new(step.table)
        for entry in self._rules_for(type(step.op)):
            if entry.rule.new_tables or not new:
                for finding in self._asked(entry, around.for_rule(entry.rule), step):
                    yield entry, finding

    def _judge_whole(self, around: Surroundings, scope: str) -> list[Finding]:
        found: list[Finding] = []
        for entry in self._rules(scope):
            found += self._asked(entry, around.for_rule(entry.rule))
        return found

    def _asked(self, entry: Entry, around: Surroundings, step: RecordedOp | None = None) -> list[Finding]:
        """Ask one rule. One that fails is a finding: a mistake of ours must not hide what the others say."""
        try:
            return list(entry.check(around) if step is None else entry.check(step, around))
        except Exception as error:
            if not self.tolerant:
                raise
            return [_failed(step, around, error)]

    def _could_fire(self, rule_id: str) -> bool:
        """False for a rule that exists and is not asked here: it is off, or speaks about another engine."""
        entry = by_id().get(rule_id)
        if entry is None:
            return True
        asked = entry in self.rules and self.server.engine in entry.rule.engines
        return asked and entry.rule.id_for(self.server) == rule_id

    def _rules(self, scope: str) -> list[Entry]:
        """The rules that are asked in a scope on this server."""
        if scope not in self._by_scope:
            engine = self.server.engine
            self._by_scope[scope] = [
                e for e in self.rules if e.rule.scope == scope and engine in e.rule.engines
            ]
        return self._by_scope[scope]

    def _rules_for(self, kind: type[MigrateOperation]) -> list[Entry]:
        """The rules that are asked about operations of a class."""
        if kind not in self._by_kind:
            asked = (e for e in self._rules("operation") if e.rule.ops)
            self._by_kind[kind] = [e for e in asked if issubclass(kind, e.rule.ops or ())]
        return self._by_kind[kind]


def _failed(step: RecordedOp | None, around: Surroundings, error: Exception) -> Finding:
    finding = around.finding(
        step,
        f"This rule could not judge the operation ({type(error).__name__}: {error}): it is not taken for safe.",
        "Read the operation with the rule's documentation beside it: `flask db lint --explain "
        f"{around.rule.id_for(around.server)}`. The rule has a mistake; please report it.",
    )
    return replace(finding, severity=Severity.WARNING)


def _without_superseded(found: list[tuple[Entry, Finding]]) -> list[Finding]:
    """Drop the findings of general rules where a more specific rule speaks about the same operation."""
    replaced = {rule_id for entry, _ in found for rule_id in entry.rule.supersedes}
    return [finding for _, finding in found if finding.rule not in replaced]


def _unique(findings: Iterable[Finding]) -> list[Finding]:
    """Drop repetitions: a loop in a revision records one statement many times."""
    seen: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        seen.setdefault((finding.rule, finding.line, finding.table, finding.column, finding.message), finding)
    return list(seen.values())
