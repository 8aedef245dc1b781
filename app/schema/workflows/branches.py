"""Find where the history divides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .running import revisions, running

if TYPE_CHECKING:
    from alembic.script import Script

    from .target import Target


def branches(target: Target) -> tuple[tuple[Script, tuple[Script, ...]], ...]:
    """Return the revisions that more than one other follows, newest first, each with those that follow it."""
    with running(target):
        folder = revisions(target)
        points = [script for script in folder.walk_revisions() if script.is_branch_point]
        return tuple((point, tuple(map(folder.get_revision, sorted(point.nextrev)))) for point in points)
