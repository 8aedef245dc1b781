"""Judge revisions that are about to run on a database, for the server that it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..scripts import directory
from .judging import Files, judge
from .lint import baseline_of, environment_of, version_folders
from .servers import server_of
from .target import FILES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from ..core.judgement import Judgement
    from .target import Target


def files_of(target: Target) -> Files:
    """Return the revision files of a target: the same ones for all databases of a command."""
    attributes = target.config.attributes
    if FILES not in attributes:
        attributes[FILES] = Files(directory.read(version_folders(target)))
    files: Files = attributes[FILES]
    return files


def judged_pending(target: Target, files: Files, ids: Iterable[str], connection: Connection) -> Judgement:
    """Return what is found in the revisions, except for those up to the baseline.

    :param files: the revision files; they keep what is recorded.
    :param connection: tells the server; nothing is read from the database.
    """
    wanted = set(ids) - baseline_of(files.history, target.settings.baseline)
    return judge(files, wanted, [server_of(connection)], environment=environment_of(target))
