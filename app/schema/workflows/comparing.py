"""Compare the revision files with those of another commit: what was edited, in what, and what was deleted."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ..lint.history import DeletedRevision, EditedRevision, History, HistoryRevision
from ..scripts import directory
from .differing import Version, difference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..core.revision import Revision
    from ..core.server import Server


def compared(
    now: directory.History, then: Mapping[str, str], server: Server, reference: str
) -> tuple[History, frozenset[str]]:
    """Compare today's files with those of a reference.

    :param then: the files at the reference: relative path → text.
    :param server: the server that operations are recorded for, where texts differ.
    :param reference: how the reference is called in messages.
    :return: what history rules are given, and the ids that the reference has.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in then.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        old = directory.read([folder], recursive=True)
        edited = [_edit(revision, now.get(revision.id), server) for revision in old.revisions]
    applied = frozenset(revision.id for revision in old.revisions)
    deleted = [_deleted(revision, now) for revision in old.revisions if now.get(revision.id) is None]
    history = graph_of(
        now,
        applied=applied,
        edited=[e for e in edited if e is not None],
        deleted=deleted,
        reference=reference,
    )
    return history, applied


def graph_of(
    now: directory.History,
    *,
    applied: frozenset[str] | None = None,
    edited: Sequence[EditedRevision] = (),
    deleted: Sequence[DeletedRevision] = (),
    reference: str = "the database",
) -> History:
    """Return what history rules are given."""
    revisions = {
        revision.id: HistoryRevision(
            revision.id, revision.down_revisions, revision.path, frozenset(revision.branch_labels)
        )
        for revision in now.revisions
    }
    return History(revisions, now.heads, applied, tuple(edited), tuple(deleted), reference)


def _deleted(revision: Revision, now: directory.History) -> DeletedRevision:
    """A file that names the id in `replaces` has taken its place."""
    squash = next((r for r in now.revisions if _replaces(r, revision.id)), None)
    return DeletedRevision(revision.id, Path(revision.path.name), replaced_by=squash.id if squash else None)


def _replaces(revision: Revision, revision_id: str) -> bool:
    text = revision.path.read_text(encoding="utf-8")
    return "replaces" in text and f'"{revision_id}"' in text.partition("replaces")[2]


def _edit(old: Revision, new: Revision | None, server: Server) -> EditedRevision | None:
    if new is None:
        return None
    before, after = (revision.path.read_text(encoding="utf-8") for revision in (old, new))
    if before == after:
        return None
    was, is_ = (Version(r.id, r.down_revisions, r.path, text) for r, text in ((old, before), (new, after)))
    differs, details = difference(was, is_, server)
    return EditedRevision(new.id, differs, new.path, details)
