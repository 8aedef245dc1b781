"""Find the ends of the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .running import revisions, running

if TYPE_CHECKING:
    from alembic.script import Script

    from .target import Target


def heads(target: Target, *, resolve_dependencies: bool = False) -> tuple[Script, ...]:
    """Return the revisions that no other one follows.

    :param resolve_dependencies: whether a revision that another one depends on is no head either.
    """
    with running(target):
        folder = revisions(target)
        return tuple(folder.get_revisions("heads" if resolve_dependencies else folder.get_heads()))
