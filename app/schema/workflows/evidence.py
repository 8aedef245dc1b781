"""Gather what the comparison of files, ledger and version table needs; as little as the case allows."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.entry import Page, standing
from ..ledger.verify import Evidence, FileNow, edited
from ..scripts.digest import source_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alembic.script import ScriptDirectory

    from ..core.edit import Edit
    from ..core.entry import Entry, Standing
    from ..core.server import Server
    from ..ledger.store import LedgerStore
    from ..scripts.directory import History


@dataclass(frozen=True)
class RevisionFile:
    """One revision file.

    :param parents: what the revision follows.
    :param above: what it follows and what it depends on.
    :param message: first line of its docstring.
    """

    id: str
    parents: tuple[str, ...]
    above: tuple[str, ...]
    path: Path
    message: str = ""

    @property
    def page(self) -> Page:
        """What the ledger keeps of it, but for its source and its digests."""
        return Page(self.id, self.path.name, self.parents, message=self.message)


Files = dict[str, RevisionFile]


def files_of_alembic(folder: ScriptDirectory) -> Files:
    """Return the revision files that Alembic has loaded."""
    scripts = {script.revision: script for script in folder.walk_revisions()}
    return {
        revision: RevisionFile(
            revision,
            script._versioned_down_revisions,
            script._all_down_revisions,
            Path(script.path),
            script.doc or "",
        )
        for revision, script in scripts.items()
    }


def files_of_history(history: History) -> Files:
    """Return the revision files that could be read without running them."""
    labels = {label: revision.id for revision in history.revisions for label in revision.branch_labels}
    return {
        revision.id: RevisionFile(
            revision.id,
            revision.down_revisions,
            (*revision.down_revisions, *(labels.get(it, it) for it in revision.depends_on)),
            revision.path,
            revision.message,
        )
        for revision in history.revisions
    }


def gathered(
    store: LedgerStore, entries: Sequence[Entry] | None, heads: Iterable[str], files: Files, server: Server
) -> Evidence:
    """Return what is compared of one database. Files are read that are applied, and compared if they differ.

    :param entries: its ledger; `None` where there is none.
    :param server: what differing files are compared for.
    """
    known = standing(entries) if entries else None
    applied = known.applied if known is not None else {}
    now = {it: _now(file, hashed=it in applied) for it, file in files.items()}
    found = Evidence(known, tuple(sorted(heads)), now)
    if known is None:
        return found
    edits: dict[str, Edit] = {}
    differing = edited(known, now)
    if differing:
        # Who compares what revisions do needs the recorder, which a command must not wait for where no text differs.
        from .edits import edits_of

        edits = edits_of(store, known, [files[it] for it in differing], server)
    return Evidence(known, found.heads, now, edits, _replaced(known, found, files))


def _now(file: RevisionFile, *, hashed: bool) -> FileNow:
    digest = source_digest(file.path.read_bytes()) if hashed else ""
    return FileNow(file.id, file.above, str(file.path), digest)


def _replaced(known: Standing, found: Evidence, files: Files) -> frozenset[str]:
    """The revisions that a squash says it has taken the place of, and the squashes whose revisions all are applied."""
    applied = set(known.applied)
    if applied <= set(files) and set(found.lineage) <= applied:
        return frozenset()
    squashes = {it: names for it, file in files.items() if (names := _replaces(file.path))}
    taken = {name for names in squashes.values() for name in names}
    return frozenset(taken | {squash for squash, names in squashes.items() if names <= applied})


def _replaces(path: Path) -> frozenset[str]:
    """The value of `replaces` in a revision file, if it has one that is a literal."""
    source = path.read_bytes()
    if b"replaces" not in source:
        return frozenset()
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and any(getattr(it, "id", "") == "replaces" for it in node.targets):
            try:
                return frozenset(map(str, ast.literal_eval(node.value)))
            except (ValueError, TypeError):
                return frozenset()
    return frozenset()
