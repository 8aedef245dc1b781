"""Replays the history once and finds the revision that the live schemas fit best."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from alembic.runtime.migration import MigrationContext

from ..core.fit import Fit
from .expected import read_schema
from .replaying import NotFromEmpty, Visitor, replay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..core.snapshot import Snapshot, Table
    from .replaying import Key, Served
    from .target import Target

Heads = tuple[str, ...]


@dataclass
class Stages:
    """What one database is, and what the history makes of it, step by step.

    :param served: the database.
    :param live: its schema.
    :param standing: what its version table says.
    :param built: the schema at each stage of the replay, by the heads; the first is the empty one.
    """

    served: Served
    live: Snapshot
    standing: Heads
    built: dict[Heads, Snapshot] = field(default_factory=dict)


@dataclass
class Fitting:
    """All stages of all databases.

    :param incomplete: why the replay did not come to the end of the history; `None` if it did.
    """

    stages: list[Stages]
    incomplete: NotFromEmpty | None = None

    @cached_property
    def weights(self) -> dict[Heads, int]:
        """For each stage that all databases have, in order, how badly it fits; the empty one if all are empty."""
        fits = [Fit(stages.live, stages.built.values()) for stages in self.stages]
        found: dict[Heads, int] = {}
        for number, (fit, stages) in enumerate(zip(fits, self.stages, strict=True)):
            own = {heads: fit.of(snapshot) for heads, snapshot in stages.built.items()}
            found = {heads: found[heads] + own[heads] for heads in found if heads in own} if number else own
        if not all(fit.nothing for fit in fits):
            found.pop((), None)
        return found


def standing(served: Served) -> Heads:
    """Return what the version table of a live database says."""
    name, schema = served.version_table
    options = {"version_table": name, "version_table_schema": schema}
    context = MigrationContext.configure(served.live, opts=options)
    return tuple(sorted(context.get_current_heads()))


def standings(target: Target, *, tag: str | None = None) -> list[Heads]:
    """Return what the version table of each database says. Nothing is built for that."""
    found: list[Heads] = []

    def note(served: Served) -> Sequence[str]:
        found.append(standing(served))
        return ()

    replay(target, Visitor(note), tag=tag)
    return found


def fit(target: Target, heads: Sequence[str], *, tag: str | None = None) -> Fitting:
    """Replay the history up to its heads and keep what each revision builds.

    :param heads: the revisions to replay to, one after the other.
    :raises SchemaError: if no scratch database can be had.
    """
    found: dict[Key, Stages] = {}
    tables: dict[Table, Table] = {}

    def begin(served: Served) -> Sequence[str]:
        if served.key not in found:
            found[served.key] = Stages(
                served, read_schema(served.live, served.version_table), standing(served)
            )
        return heads

    def note(served: Served, now: Heads) -> None:
        built = found[served.key].built
        if built and not served.touched:
            built[now] = next(reversed(built.values()))
        else:
            built[now] = _sharing(read_schema(served.scratch, served.version_table), tables)

    try:
        replay(target, Visitor(begin, note), tag=tag)
    except NotFromEmpty as error:
        return Fitting(list(found.values()), error)
    return Fitting(list(found.values()))


def _sharing(snapshot: Snapshot, tables: dict[Table, Table]) -> Snapshot:
    """The same snapshot, with the tables that others have already: most revisions change one of hundreds."""
    same = {key: tables.setdefault(table, table) for key, table in snapshot.tables.items()}
    return type(snapshot)(snapshot.engine, same, snapshot.others)
