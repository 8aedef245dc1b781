"""List the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.util import asbool

from ..core.errors import UsageProblem
from .running import heads_of_databases, revisions, running

if TYPE_CHECKING:
    from alembic.script import Script

    from .target import Target


def history(
    target: Target, rev_range: str | None = None, *, indicate_current: bool = False
) -> tuple[Script, ...]:
    """Return the revisions, newest first.

    :param rev_range: "from:to", each end may be left out; "current" is where the databases stand.
    :param indicate_current: mark the revisions where the databases stand, so that `cmd_format` says it.
    :raises UsageProblem: if the range is none.
    """
    base, head = _ends(rev_range)
    with running(target):
        folder = revisions(target)
        environment = asbool(target.config.get_alembic_option("revision_environment"))
        current: tuple[str, ...] = ()
        if indicate_current or environment or "current" in (base, head):
            current = heads_of_databases(target, folder)
        scripts = tuple(
            folder.walk_revisions(
                base=current if base == "current" else base,  # type: ignore[arg-type]  # ids are taken too
                head=current if head == "current" else head,  # type: ignore[arg-type]
            )
        )
        for script in scripts if indicate_current else ():
            script._db_current_indicator = script.revision in current
        return scripts


def _ends(rev_range: str | None) -> tuple[str, str]:
    if rev_range is None:
        return "base", "heads"
    if rev_range.count(":") != 1:
        raise UsageProblem(
            f"'{rev_range}' is no range of revisions.",
            expected="A range is [start]:[end], [start]: or :[end].",
        )
    base, head = rev_range.strip().split(":")
    return base or "base", head or "heads"
