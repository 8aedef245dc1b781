"""The revision files contradict each other, or one of them is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.errors import HistoryBroken

if TYPE_CHECKING:
    from ...core.errors import SchemaError
    from .trouble import Trouble


def explain(trouble: Trouble) -> SchemaError | None:
    """Claims every trouble of a command that Alembic could not load the history for.

    The files are read without running them, so that file and line can be named, and all that is wrong at once.
    """
    broken = trouble.unsound
    if broken is None or not any(problem.kind == "missing-parent" for problem in trouble.history.problems):
        return broken
    return _with_ledger(trouble, broken)


def _with_ledger(trouble: Trouble, broken: HistoryBroken) -> HistoryBroken:
    """Say where a file that others follow can be had from, if a ledger keeps it."""
    standing = trouble.standing
    if standing is None:
        return broken
    revisions = trouble.history.revisions
    known = {revision.id for revision in revisions}
    parents = {parent for revision in revisions for parent in revision.down_revisions}
    kept = [it for name, it in standing.applied.items() if name in parents - known and it.page.source_digest]
    if not kept:
        return broken
    return HistoryBroken(
        f"{broken.found} {kept[0].entry.told}",
        expected=broken.expected,
        hint=f"Type {trouble.situation.to_type('recover')} to write every applied revision that has no file back from "
        "the ledger.",
    )
