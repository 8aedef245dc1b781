"""Join branches of the history in one new revision."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic.util import asbool
from alembic.util import rev_id as random_id

from ..core.errors import UsageProblem
from .running import revisions, run_environment, running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .target import Target


def merge(
    target: Target,
    merged: Sequence[str] = (),
    *,
    message: str | None = None,
    branch_label: str | None = None,
    rev_id: str | None = None,
    splice: bool = False,
) -> Path | None:
    """Write a revision that follows several others.

    :param merged: the revisions to join; all heads, if none is given.
    :param splice: also join revisions that are no heads.
    :param message: what it says; by default which revisions it joins.
    :return: the file; `None` if there is one head and so nothing to join.
    :raises UsageProblem: if one revision is named.
    """
    with running(target):
        folder = revisions(target)
        wanted = tuple(merged) or ("heads",)
        if wanted == ("heads",) and len(folder.get_heads()) < 2:
            return None
        joined = [script.revision for script in folder.get_revisions(wanted) if script is not None]
        if len(set(joined)) < 2:
            raise UsageProblem(
                f"`merge` was given {'one revision' if joined else 'no revision of a file'}: {' '.join(wanted)}.",
                expected="Joining needs two or more.",
                hint="Name the others too, or none: `flask db merge` joins all heads.",
            )
        arguments: dict[str, Any] = {"config": target.config}
        if asbool(target.config.get_alembic_option("revision_environment")):
            run_environment(target, folder, lambda _heads, _context: [], template_args=arguments)
        script = folder.generate_revision(
            rev_id or random_id(),
            message or f"Merge {' and '.join(joined)}",
            refresh=True,
            head=wanted,
            branch_labels=branch_label,
            splice=splice,
            **arguments,
        )
        return Path(script.path)
