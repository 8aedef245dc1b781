"""Take a database over that has a schema and no version: find the revision that it fits, and stamp that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from ..core.adoption import Adopted, Adoption, Surplus
from ..core.errors import SchemaError, UsageProblem
from ..core.schema_difference import compare
from ..core.snapshot import Snapshot
from ..core.wording import listed
from .expected import Expected
from .fitting import Fitting, Heads, Stages, fit, standings
from .history_tables import tables_of_history
from .running import revisions, running
from .stamp import stamp
from .verifying import Known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..core.snapshot import Table
    from ..scripts.writing import RevisionFolder
    from .replaying import Key
    from .target import Target


@dataclass(frozen=True)
class Proposal:
    """What may be stamped, with what it was found by.

    :param adoption: what a person is shown.
    :param built: what the proposed revisions build, for each database.
    :param before: what their version tables said.
    :param unknown: whether a version table names a revision that no file has, so that it must be forgotten.
    """

    adoption: Adoption
    built: Mapping[Key, Expected]
    before: Mapping[Key, Heads]
    unknown: bool = False


def adopt(target: Target, revision: str | None = None, *, tag: str | None = None) -> Proposal:
    """Find the revision that the live schemas fit best; where there is a version, compare with that. Changes nothing.

    :param revision: the one to compare with, instead of searching.
    :param tag: a word for `env.py`.
    :raises SchemaError: if no scratch database can be had, or the first revision cannot run on an empty database.
    """
    with running(target):
        folder = revisions(target)
        given = _given(folder, revision)
        found = standings(target, tag=tag)
        known = {script.revision for script in folder.walk_revisions()}
        unknown = any(set(heads) - known for heads in found)
        own = found[0] if found and found[0] and not unknown and len(set(found)) == 1 else ()
        fitting = fit(target, list(dict.fromkeys([*(given or own), *folder.get_heads()])), tag=tag)
        heads = _stage(fitting, given or own) if given or own else _best(fitting)
        adoption = _adoption(target, folder, fitting, heads)
        adoption = replace(adoption, standing=bool(own) and not given, chosen=bool(given))
        before = {stages.served.key: stages.standing for stages in fitting.stages}
        return Proposal(adoption, _built(fitting, heads), before, unknown)


def record(target: Target, proposal: Proposal, *, tag: str | None = None) -> tuple[str, ...]:
    """Stamp what was proposed. The schemas are compared once more, under the lock.

    :return: the ids that the default database stands at now.
    """
    known = Known(proposal.built, proposal.before, proposal.adoption.differences)
    return stamp(
        target,
        proposal.adoption.heads,
        tag=tag,
        force=not proposal.adoption.exact,
        purge=proposal.unknown,
        known=known,
    )


def _given(folder: RevisionFolder, revision: str | None) -> Heads:
    if revision is None:
        return ()
    found = [script.revision for script in folder.get_revisions(revision) if script is not None]
    if not found:
        raise UsageProblem(
            f"'{revision}' is no revision that a schema could be compared with.",
            hint="Give the id of a revision, or leave `--rev` out to search for the one that fits.",
        )
    return tuple(sorted(found))


def _stage(fitting: Fitting, wanted: Heads) -> Heads:
    """The stage at which the wanted revisions have run.

    :raises NotFromEmpty: the replay did not come so far.
    """
    stages = [heads for heads in fitting.weights if set(wanted) <= set(heads)]
    if stages:
        return stages[0]
    raise fitting.incomplete or SchemaError(f"The history has no state at revision {listed(wanted)}.")


def _best(fitting: Fitting) -> Heads:
    """The stage that fits best; of several the latest, because the next upgrade has the least to do from there.

    :raises NotFromEmpty: there is no stage but the empty one.
    """
    weights = fitting.weights
    if fitting.incomplete is not None and not any(weights):
        raise fitting.incomplete
    return () if () in weights else min(reversed(weights), key=lambda heads: weights[heads], default=())


def _adoption(target: Target, folder: RevisionFolder, fitting: Fitting, heads: Heads) -> Adoption:
    weights = fitting.weights
    scripts = [folder.get_revision(head) for head in heads]
    return Adoption(
        heads,
        {str(script.revision): str(script.doc or "") for script in scripts},
        tuple(_adopted(target, stages, heads) for stages in fitting.stages),
        equal=tuple(it for it in weights if weights[it] == weights[heads] and it not in (heads, ())),
        incomplete=fitting.incomplete.found if fitting.incomplete else None,
    )


def _adopted(target: Target, stages: Stages, heads: Heads) -> Adopted:
    known = set(tables_of_history(target, stages.served.live))
    known.update(table for snapshot in stages.built.values() for table in snapshot.tables)
    snapshot = stages.built[heads]
    comparison = compare(snapshot, stages.live, known)
    bind = stages.served.bind
    models = {
        table.name if not table.schema else table.key
        for table in target.database(bind).metadata.tables.values()
    }
    too_many = sorted(stages.live.tables.keys() - snapshot.tables.keys())
    return Adopted(
        f"the bind '{bind}'" if bind else "the database",
        stages.standing,
        comparison,
        tuple(
            _surplus(stages, heads, table, modelled=table in models)
            for table in too_many
            if table in known or table in models
        ),
    )


def _surplus(stages: Stages, heads: Heads, table: str, *, modelled: bool) -> Surplus:
    """Find the revision after the proposed one that makes a table."""
    order = list(stages.built)
    for before, now in pairwise(order[order.index(heads) :]):
        made = stages.built[now].tables.get(table)
        if made is not None:
            [revision, *_] = sorted(set(now) - set(before))
            ready = not compare(_alone(stages, made), _alone(stages, stages.live.tables[table])).differences
            return Surplus(table, revision, ready, modelled)
    return Surplus(table, None, ready=False, modelled=modelled)


def _alone(stages: Stages, table: Table) -> Snapshot:
    return Snapshot(stages.live.engine, {table.key: table})


def _built(fitting: Fitting, heads: Heads) -> Mapping[Key, Expected]:
    return {
        stages.served.key: Expected(replace(stages.served, heads=heads), stages.built[heads])
        for stages in fitting.stages
        if heads
    }
