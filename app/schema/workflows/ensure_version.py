"""Create the version table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .running import revisions, run_environment, running

if TYPE_CHECKING:
    from typing import Any

    from .target import Target


def ensure_version(target: Target, *, sql: bool = False) -> None:
    """Create the version table in every database that has none.

    :param sql: write SQL to the standard output instead.
    """

    def work(_heads: Any, context: Any) -> list[Any]:
        context._ensure_version_table()
        return []

    with running(target):
        run_environment(target, revisions(target), work, plan=lambda _heads: (), as_sql=sql)
