"""What is about to be taken back, for a person: each revision with its statements, and what they delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from ...core.wording import counted, listed, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...core.loss import StepBack, TakenBack, WayDown

# Characters of a statement: what it does is told by its beginning.
_STATEMENT = 100


def write(ways: Sequence[WayDown], stream: TextIO) -> None:
    """Write what is taken back, database by database, newest revision first."""
    stream.writelines(f"{line}\n" for way in ways for line in _lines(way))


def _lines(way: WayDown) -> Iterator[str]:
    yield f"{way.url} ({way.server}) stands at {listed(sorted(way.standing))}."
    yield f"This takes back {counted(len(way.revisions), 'revision')}, newest first:"
    for revision in way.revisions:
        yield ""
        yield from _revision(revision)
    yield ""
    if way.stop is not None and len(way.revisions) > 1:
        yield from _stop(way, way.stop)


def _revision(revision: TakenBack) -> Iterator[str]:
    yield f"{revision.id}  {revision.message}".rstrip()
    for step in revision.steps:
        yield from _step(step)
    if revision.stops:
        yield f"    -- cannot be taken back: {revision.stops}"
    elif revision.remains:
        yield "    -- downgrade() does nothing: what upgrade() changed stays"
    elif not revision.steps:
        yield "    -- changes nothing"


def _step(step: StepBack) -> Iterator[str]:
    for statement in step.step.sql:
        yield f"    {shortened(statement.rstrip().rstrip(';'), _STATEMENT)};"
    for loss in step.losses:
        yield f"      -- {'deletes' if loss.into is None else 'changes or fails on'} {loss}"
    if step.step.unclear:
        yield f"      -- cannot tell what this deletes: {step.step.unclear}"


def _stop(way: WayDown, stop: TakenBack) -> Iterator[str]:
    before = list(way.revisions).index(stop)
    after = (
        f"{counted(before, 'revision')} will have been taken back by then"
        if before
        else "nothing is taken back"
    )
    yield f"This will stop at {stop.id} with an error; {after}."
