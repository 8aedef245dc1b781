"""A plan for a person at a terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, TextIO

from ...core.duration import lasting
from ...core.effect import Blocks
from ...core.wording import counted
from ..text import finding_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.effect import Effect
    from ...core.plan import LockWaits, Plan, PlannedEffect, PlannedRevision, PlannedStep

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def write(plan: Plan, stream: TextIO) -> None:
    """Write the plan: for each revision its transactions and statements, then what is wrong with it."""
    stream.writelines(f"{line}\n" for line in _lines(plan))


def _lines(plan: Plan) -> Iterator[str]:
    stands = ", ".join(plan.standing) or "no revision"
    yield f"{plan.database} ({plan.server}) stands at {stands}."
    if not plan.revisions:
        yield "Nothing to do."
        return
    yield f"`flask db upgrade` would run {counted(len(plan.revisions), 'revision')}:"
    if plan.longest_transaction is not None and plan.longest_transaction >= 1:
        age = lasting(plan.longest_transaction)
        yield f"The oldest open transaction is {age} old; no strong lock on a table that it has used is to be had."
    if any(_keeps_waiting(revision) for revision in plan.revisions):
        yield _waits(plan.lock_waits)
    for revision in plan.revisions:
        yield ""
        yield from _revision(revision)


def _keeps_waiting(revision: PlannedRevision) -> bool:
    """Whether any of its statements takes a lock that keeps the application waiting.

    On MariaDB and MySQL every change has its table for itself for a moment, whichever its algorithm.
    """
    effects = [it.effect for step in revision.steps for it in step.effects]
    return any(effect.blocks >= Blocks.WRITES or effect.algorithm for effect in effects)


def _waits(waits: LockWaits) -> str:
    if waits.attempt is None:
        return "A statement that cannot have its lock waits for as long as the database lets it."
    coarse = waits.server is not None and waits.server > waits.attempt
    at_the_end = f" ({lasting(waits.server or 0)} at the end of a long one)" if coarse else ""
    return (
        f"A statement that cannot have its lock within {lasting(waits.attempt)}{at_the_end} lets others pass and is "
        f"tried again, for up to {lasting(waits.budget)} (SCHEMA_LOCK_TIMEOUT, SCHEMA_LOCK_BUDGET)."
    )


def _revision(revision: PlannedRevision) -> Iterator[str]:
    yield f"{revision.id}  {revision.message}"
    before: object = "nothing"
    for step in revision.steps:
        if step.transaction != before or step.transaction is None:
            before = step.transaction
            yield "  outside a transaction:" if step.transaction is None else "  in one transaction:"
        yield from _step(step)
    if not revision.steps:
        yield "  changes nothing"
    for finding in revision.findings:
        if finding.allowed is None:
            yield ""
            yield textwrap.indent(finding_text(finding).rstrip(), "  ")


def _step(step: PlannedStep) -> Iterator[str]:
    for statement in step.sql:
        yield textwrap.indent(statement, "    ") + ("" if statement.endswith(";") else ";")
    if step.unclear:
        yield f"    -- line {step.line} cannot be told: {step.unclear}"
    for effect in step.effects:
        yield f"      -- {_effect(effect)}"


def _effect(planned: PlannedEffect) -> str:
    facts = planned.facts
    size = f" ({facts.rows:,} rows, {_size(facts.bytes)})" if facts else ""
    seen = f"; observed: {_words(planned.observed)}" if planned.observed else ""
    return f"{planned.effect.table}{size}: {_words(planned.effect)}{seen}"


def _words(effect: Effect) -> str:
    work = [name for name, true in _work(effect) if true]
    duration = f"{' and '.join(work)}: grows with the table" if work else "instant"
    algorithm = f", ALGORITHM={effect.algorithm}" if effect.algorithm else ""
    return f"{effect.lock}{algorithm}, blocks {effect.blocks}; {duration}"


def _work(effect: Effect) -> tuple[tuple[str, bool], ...]:
    return (
        ("rewrites the table", effect.rewrites),
        ("reads every row", effect.scans),
        ("builds an index", effect.builds_index),
    )


def _size(number: int) -> str:
    value = float(number)
    for unit in _UNITS:
        if value < 1024 or unit == _UNITS[-1]:
            return f"{value:.0f} {unit}"
        value /= 1024
    return ""
