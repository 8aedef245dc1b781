"""Open revision files in the user's editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.util import open_in_editor

from ..core.errors import HistoryBroken
from .running import heads_of_databases, revisions, running

if TYPE_CHECKING:
    from pathlib import Path

    from .target import Target


def edit(target: Target, revision: str = "current") -> tuple[Path, ...]:
    """Open the files of the revisions that a symbol names, one after the other.

    :param revision: an id, its beginning, "head", or "current" for where the databases stand.
    :return: the files.
    """
    with running(target):
        folder = revisions(target)
        wanted = heads_of_databases(target, folder) if revision == "current" else revision
        scripts = [script for script in folder.get_revisions(wanted) if script is not None]
        if not scripts:
            raise HistoryBroken(
                f"'{revision}' names no revision file.", hint="Type `flask db history` to see them all."
            )
        for script in scripts:
            open_in_editor(script.path)
        return tuple(script._script_path for script in scripts)
