"""Who keeps the ledger, as the command knows it: process, version of the application, versions of the tools."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import alembic
import sqlalchemy

from ..core.runner_lock import this_process
from ..core.version import VERSION
from ..runner.clerk import Clerk
from .git import commit_of
from .target import FILES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..core.recorded import Direction, Recording
    from ..core.server import Server
    from .target import Target


def clerk_of(
    target: Target,
    *,
    cosmetic: Callable[[], Iterable[str]] = tuple,
    note: str | None = None,
) -> Clerk:
    """Return who keeps the ledger of a command.

    :param cosmetic: applied revisions whose files differ and mean the same.
    :param note: why somebody forces it or lets something through.
    """
    return Clerk(
        actor=this_process(),
        tool=f"{VERSION}, Alembic {alembic.__version__}, SQLAlchemy {sqlalchemy.__version__}",
        code=cache(lambda: target.settings.code_version or commit_of(Path(target.directory))),
        recorded=partial(_recorded, target),
        cosmetic=cosmetic,
        note=note,
    )


def _recorded(target: Target, revision: str, direction: Direction, server: Server) -> Recording | None:
    """What was recorded of a revision when it was judged; `None` if it was not."""
    files = target.config.attributes.get(FILES)
    recording: Recording | None = None if files is None else files.kept.get((revision, direction, server))
    return recording
