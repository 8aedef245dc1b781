"""Bring the databases down to a revision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.errors import UsageProblem
from .running import guarded, revisions, running
from .upgrade import ends

if TYPE_CHECKING:
    from .target import Target


def downgrade(
    target: Target, revision: str = "-1", *, sql: bool = False, tag: str | None = None
) -> tuple[str, ...]:
    """Take the revisions above a target revision back.

    :param revision: where to go: an id, its beginning, "base", "-1"; with `sql` "from:to", where "-1" alone means
        the step below the head.
    :param sql: write SQL to the standard output instead of running it.
    :param tag: a word for `env.py`.
    :return: the ids of the revisions that were taken back, in order; empty with `sql`.
    """
    with running(target):
        folder = revisions(target)
        start, destination = ends("head:-1" if sql and revision == "-1" else revision, sql=sql)
        if sql and start is None:
            raise UsageProblem(
                f"`downgrade --sql {revision}` does not say where to start.",
                expected="Without a database both ends of the way are needed.",
                hint=f"Type `flask db downgrade --sql head:{revision}`.",
            )
        return guarded(
            target,
            folder,
            lambda heads: folder._downgrade_revs(destination, heads),
            as_sql=sql,
            starting_rev=start,
            destination_rev=destination,
            tag=tag,
        ).applied()
