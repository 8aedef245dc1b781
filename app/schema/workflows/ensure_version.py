"""Create the version table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import command

from .running import running, with_watch

if TYPE_CHECKING:
    from .target import Target


def ensure_version(target: Target, *, sql: bool = False) -> None:
    """Create the version table in every database that has none.

    :param sql: write SQL to the standard output instead.
    """
    with running(target):
        with_watch(target)
        command.ensure_version(target.config, sql=sql)
