"""Look at single revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .running import heads_of_databases, revisions, running

if TYPE_CHECKING:
    from alembic.script import Script

    from .target import Target


def show(target: Target, revision: str = "head") -> tuple[Script, ...]:
    """Return the revisions that a symbol names; "current" is where the databases stand."""
    with running(target):
        folder = revisions(target)
        wanted = heads_of_databases(target, folder) if revision == "current" else revision
        return tuple(script for script in folder.get_revisions(wanted) if script is not None)
