"""Bring the databases up to a revision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.errors import UsageProblem
from .gate import Acceptance, Gate
from .running import guarded, revisions, running

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..core.judgement import Judgement
    from .target import Target


def upgrade(
    target: Target,
    revision: str = "head",
    *,
    sql: bool = False,
    tag: str | None = None,
    acceptance: Acceptance | None = None,
    show: Callable[[Judgement], None] | None = None,
) -> tuple[str, ...]:
    """Run the revisions up to a target revision.

    :param revision: where to go: an id, its beginning, "head", "+1"; with `sql` also "from:to".
    :param sql: write SQL to the standard output instead of running it.
    :param acceptance: error findings that are let through, with the reason.
    :param show: is given what was found in the pending revisions, if anything was.
    :param tag: a word for `env.py`.
    :return: the ids of the revisions that ran, in order; empty with `sql`.
    :raises Refused: if `SCHEMA_PROTECTED` is true and the pending revisions have error findings.
    """
    with running(target):
        folder = revisions(target)
        start, destination = ends(revision, sql=sql)
        return guarded(
            target,
            folder,
            lambda heads: folder._upgrade_revs(destination, heads),
            admit=Gate(target, acceptance or Acceptance(), show),
            upgrades=True,
            note=acceptance.note if acceptance is not None else None,
            as_sql=sql,
            starting_rev=start,
            destination_rev=destination,
            tag=tag,
        ).applied()


def ends(revision: str, *, sql: bool) -> tuple[str | None, str]:
    """Split "from:to", which only SQL can have: a database knows where it stands.

    :raises UsageProblem: if there is a range without `sql`.
    """
    start, colon, end = revision.rpartition(":")
    if colon and not sql:
        raise UsageProblem(
            f"'{revision}' is a range of revisions.",
            expected="A range is for `--sql` only; a database knows where it stands.",
            hint=f"Type the revision to go to, '{end}'.",
        )
    return start or None, end
