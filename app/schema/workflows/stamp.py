"""Write a revision into the version table without running anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.errors import UsageProblem
from ..core.wording import listed
from .running import guarded, revisions, running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..scripts.writing import RevisionFolder
    from .target import Target
    from .verifying import Known, Show


def stamp(
    target: Target,
    revision: str | Sequence[str] = "head",
    *,
    sql: bool = False,
    tag: str | None = None,
    purge: bool = False,
    force: bool = False,
    show: Show | None = None,
    known: Known | None = None,
) -> tuple[str, ...]:
    """Say that the databases stand at a revision, if their schemas are what the history builds up to it.

    :param revision: one or several; "base" for none; with `sql` also "from:to".
    :param sql: write SQL to the standard output instead of running it.
    :param tag: a word for `env.py`.
    :param purge: forget first what the version table says.
    :param force: say so also of a schema that differs, or that cannot be compared.
    :param known: what the history builds, where that was found out already.
    :param show: is given what was found in a database, if that is worth a word.
    :return: the ids that the default database stands at now; empty with `sql`.
    :raises NotAsBuilt: if a schema differs. Nothing was changed then. `sql` and the revision "base" compare nothing.
    :raises UsageProblem: if one of several revisions follows another: the database is at the later one then.
    """
    with running(target):
        folder = revisions(target)
        wanted = (revision,) if isinstance(revision, str) else tuple(revision)
        start, destinations = _ends(wanted) if sql else (None, wanted)
        _require_apart(folder, destinations)
        # `api` imports every workflow, and an upgrade that has nothing to do shall not load what compares schemas.
        from .verifying import Verification

        verification = Verification(target, folder, destinations, purge=purge, force=force, show=show)
        if known is not None:
            verification.trust(known)
        elif not sql:
            folder.get_revisions(destinations)  # an unknown one is refused before anything is built
            verification.prepare(tag)
        watch = guarded(
            target,
            folder,
            lambda heads: folder._stamp_revs(destinations, heads),
            check=verification.check,
            note="; ".join(verification.notes) or None,
            as_sql=sql,
            starting_rev=start,
            destination_rev=destinations,
            tag=tag,
            purge=purge,
        )
        return () if sql else tuple(sorted(watch.runs[0].expected))


def _require_apart(folder: RevisionFolder, wanted: Sequence[str]) -> None:
    if len(wanted) < 2:
        return
    ids = [script.revision for script in folder.get_revisions(tuple(wanted)) if script is not None]
    for later in ids:
        below = {script.revision for script in folder.iterate_revisions(later, "base")} - {later}
        earlier = [revision_id for revision_id in ids if revision_id in below]
        if earlier:
            raise UsageProblem(
                f"`stamp` was given '{later}' together with what it follows: {listed(earlier)}.",
                expected="Several revisions have to be on branches of their own.",
                hint=f"Type `flask db stamp {later}`.",
            )


def _ends(wanted: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """Split each "from:to"; all must start at the same revision."""
    parts = [revision.rpartition(":") for revision in wanted]
    starts = {start for start, colon, _ in parts if colon}
    if len(starts) > 1:
        raise UsageProblem(
            f"`stamp --sql` was given {len(starts)} revisions to start from.",
            expected="There can be one.",
            hint="Stamp one branch after the other.",
        )
    return (starts.pop() if starts else None), tuple(end for _, _, end in parts)
