"""Judge revisions that are about to run on a database, for the server that it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..scripts import directory
from .judging import Files, judge
from .lint import baseline_of, environment_of, version_folders
from .servers import server_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from ..core.judgement import Judgement
    from .target import Target


def judged_pending(target: Target, ids: Iterable[str], connection: Connection) -> Judgement:
    """Return what is found in the revisions, except for those up to the baseline.

    :param connection: tells the server; nothing is read from the database.
    """
    history = directory.read(version_folders(target))
    wanted = set(ids) - baseline_of(history, target.settings.baseline)
    return judge(Files(history), wanted, [server_of(connection)], environment=environment_of(target))
