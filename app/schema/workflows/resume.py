"""Finish a revision that was interrupted half-way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.errors import SchemaError
from ..core.journal import half_done
from ..ledger.journal import JournalStore
from .running import guarded, revisions, run_environment, running

if TYPE_CHECKING:
    from typing import Any

    from ..core.journal import Answer, JournalStep
    from ..core.recorded import Direction
    from ..scripts.writing import RevisionFolder
    from .target import Target


def resume(target: Target, answer: Answer | None = None) -> tuple[str, Direction] | None:
    """Run the rest of what `upgrade` or `downgrade` had begun.

    :param answer: whether the statement of which nothing is known took effect ("done") or is to be run again ("redo").
    :return: the revision that was finished and in which direction; `None` if nothing was interrupted.
    """
    with running(target):
        folder = revisions(target)
        begun = half_done(unfinished(target, folder))
        if not begun:
            return None
        revision, direction = next(iter(begun))
        _require_known(folder, revision)
        go = _up if direction == "upgrade" else _down
        guarded(target, folder, lambda heads: go(folder, revision, heads), answer=answer)
        return revision, direction


def unfinished(target: Target, folder: RevisionFolder) -> list[JournalStep]:
    """What the journals of the databases hold."""
    found: list[JournalStep] = []

    def work(_heads: Any, context: Any) -> list[Any]:
        store = JournalStore(context.connection, context.version_table, context.version_table_schema)
        found.extend(store.read())
        return []

    run_environment(target, folder, work, dont_mutate=True)
    return found


def _up(folder: RevisionFolder, revision: str, heads: Any) -> Any:
    return folder._upgrade_revs(revision, heads)


def _down(folder: RevisionFolder, revision: str, heads: Any) -> Any:
    return folder._downgrade_revs(f"{revision}-1", heads)


def _require_known(folder: RevisionFolder, revision: str) -> None:
    if revision not in {script.revision for script in folder.walk_revisions()}:
        raise SchemaError(
            f"Revision '{revision}' was interrupted half-way, and its file is not there any more.",
            hint=f"Write it back with `flask db recover {revision}`, and type `flask db resume` again.",
        )
