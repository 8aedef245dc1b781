"""The tables that the history knows, at whatever revision: all others belong to somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.state import State
from ..scripts import directory
from ..scripts.replay import replay_step
from .judging import Files
from .lint import version_folders
from .servers import server_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from .target import Target


def tables_of_history(target: Target, live: Connection) -> Collection[str]:
    """Return the tables that any revision makes or changes, as the recorder sees them: nothing is run.

    :param live: tells for which server, and which schema needs no name.
    """
    files, server, state = Files(directory.read(version_folders(target))), server_of(live), State()
    names: set[str] = set()
    for revision in files.ordered:
        for step in files.recording(revision, server, places=False).operations:
            replay_step(state, step, revision.id, server.engine)
            names |= state.tables.keys()
    usual = f"{live.dialect.default_schema_name}."
    return {name.removeprefix(usual) for name in names}
