"""Run what is pending on a scratch database and put what was observed beside what was predicted."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import NullPool, create_engine, make_url

from ..core.effect import Effect, Lock
from ..core.errors import UsageProblem
from ..core.finding import Finding, Severity
from ..core.plan import Plan, PlannedEffect, PlannedRevision, PlannedStep
from ..dialects.observe import ObservedEffect, observe
from ..dialects.observe_waiting import observe_waiting
from ..dialects.samples import fill
from .replaying import build
from .scratch import scratch_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlalchemy.engine import URL

    from .target import Target

DIFFERS = "prediction-differs"
"""Id of the finding that an observation contradicts the prediction."""


def measured(target: Target, plan: Plan, scratch: str | None = None) -> Plan:
    """Return the plan with what was observed; a difference is a finding.

    :param scratch: URL of an empty PostgreSQL database to use instead of a temporary one on the same server.
    :raise UsageProblem: the server is not PostgreSQL.
    """
    if not plan.server.startswith("postgresql"):
        raise UsageProblem(
            f"`--measure` observes PostgreSQL; the connected database is {plan.server}.",
            hint="Leave `--measure` out: the plan shows what is known of this engine.",
        )
    with _scratch(target.bind.engine, scratch) as url:
        build(target, url, plan.standing)
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            fill(connection)
        revisions = [_measured_revision(engine, revision) for revision in plan.revisions]
        engine.dispose()
    return replace(plan, revisions=revisions)


@contextmanager
def _scratch(near: Engine, given: str | None) -> Iterator[URL]:
    if given is None:
        with scratch_database(near) as url:
            yield url
    else:
        yield make_url(given)


def _measured_revision(engine: Engine, revision: PlannedRevision) -> PlannedRevision:
    steps, findings = [], list(revision.findings)
    for step in revision.steps:
        measured_step, differences = _measured_step(engine, step)
        steps.append(measured_step)
        findings += [_finding(revision, step, difference) for difference in differences]
    return replace(revision, steps=steps, findings=findings)


def _measured_step(engine: Engine, step: PlannedStep) -> tuple[PlannedStep, list[tuple[str, str]]]:
    """Return the step with observations, and a table and sentence for each that contradicts the prediction."""
    if step.transaction is None:
        return _measured_outside(engine, step), []
    if not step.sql:
        return step, []
    seen = {_bare(each.table): each for each in observe(engine, step.sql, keep=True)}
    effects = [replace(each, observed=_as_effect(seen.pop(each.effect.table, None))) for each in step.effects]
    effects += [_unpredicted(each) for each in seen.values() if each.lock >= Lock.SHARE_UPDATE_EXCLUSIVE]
    return replace(step, effects=effects), [
        (each.effect.table, sentence) for each in effects if (sentence := _difference(each))
    ]


def _measured_outside(engine: Engine, step: PlannedStep) -> PlannedStep:
    """Return the step with the locks that were seen; what they are held for is not known outside a transaction."""
    tables = [each.effect.table for each in step.effects]
    quoted = {engine.dialect.identifier_preparer.quote(name): name for name in tables if "." not in name}
    locks: dict[str, Lock] = {}
    for statement in step.sql:
        for name, lock in observe_waiting(engine, statement, list(quoted)).items():
            locks[quoted[name]] = max(lock, locks.get(quoted[name], Lock.NONE))
    effects = [
        replace(each, observed=_with_lock(each.effect, locks.get(each.effect.table))) for each in step.effects
    ]
    return replace(step, effects=effects)


def _with_lock(predicted: Effect, lock: Lock | None) -> Effect | None:
    return None if lock is None else replace(predicted, lock=str(lock), evidence="observed")


def _bare(name: str) -> str:
    """Return a name as a prediction has it: the server's quotes removed."""
    return name.replace('"', "")


def _as_effect(seen: ObservedEffect | None) -> Effect | None:
    if seen is None:
        return None
    return Effect(
        _bare(seen.table),
        str(seen.lock),
        seen.blocks,
        rewrites=seen.rewrites,
        scans=seen.scans,
        builds_index=seen.builds_index,
        evidence="observed",
    )


def _unpredicted(seen: ObservedEffect) -> PlannedEffect:
    effect = _as_effect(seen)
    nothing = Effect(_bare(seen.table), str(Lock.NONE), type(seen.blocks)(0), evidence="not predicted")
    return PlannedEffect(nothing, observed=effect)


def _difference(planned: PlannedEffect) -> str | None:
    """Say how the observation contradicts the prediction; None if it does not.

    A table without rows is neither scanned nor rewritten, so that less than predicted is no contradiction there.
    """
    predicted, observed = planned.effect, planned.observed
    if observed is None:
        return None
    if predicted.lock != observed.lock:
        return f"{predicted.lock} was predicted and {observed.lock} observed"
    for name in ("rewrites", "builds_index"):
        if getattr(observed, name) and not getattr(predicted, name):
            return f"it {'rewrites the table' if name == 'rewrites' else 'builds an index'}, which was not predicted"
    if observed.scans and not predicted.grows:
        return "it reads every row, which was not predicted"
    return None


def _finding(revision: PlannedRevision, step: PlannedStep, difference: tuple[str, str]) -> Finding:
    table, sentence = difference
    return Finding(
        DIFFERS,
        Severity.WARNING,
        f"On {table}, line {step.line} does something else than expected: {sentence}.",
        "Trust the observation.",
        revision=revision.id,
        path=revision.path,
        line=step.line,
        table=table,
    )
