"""Compare the files of applied revisions with what the ledger keeps of them, where the texts differ."""

from __future__ import annotations

import difflib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.edit import Edit
from ..scripts.digest import normalised
from .differing import Version, difference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..core.entry import Applied, Entry, Standing
    from ..core.server import Server
    from ..ledger.store import LedgerStore
    from .evidence import RevisionFile

_DIFF_LINES = 60


def edits_of(
    store: LedgerStore, known: Standing, files: Sequence[RevisionFile], server: Server
) -> dict[str, Edit]:
    """Return how files differ from what was applied, by revision. One round trip for all.

    :param files: those whose digest is not that of the ledger.
    :param server: what they are compared for.
    """
    applied = {file.id: known.applied[file.id] for file in files}
    sources = store.sources([it.latest.number for it in applied.values()])
    with tempfile.TemporaryDirectory() as folder:
        return {
            file.id: _edit(
                applied[file.id], sources.get(applied[file.id].latest.number), file, folder, server
            )
            for file in files
        }


def _edit(applied: Applied, source: bytes | None, file: RevisionFile, folder: str, server: Server) -> Edit:
    if source is None:
        return Edit("unknown")
    was, now = (normalised(text).decode("utf-8", "replace") for text in (source, file.path.read_bytes()))
    old = Path(folder, file.path.name)
    old.write_bytes(source)
    differs, details = difference(
        Version(file.id, applied.page.parents, old, was, file.path),
        Version(file.id, file.parents, file.path, now),
        server,
    )
    return Edit(differs, details, _diff(was, now, file.path, applied.latest))


def _diff(was: str, now: str, path: Path, entry: Entry) -> str:
    then = f"{entry.moment:%Y-%m-%d %H:%M} UTC" if entry.moment else ""
    lines = list(
        difflib.unified_diff(
            was.splitlines(), now.splitlines(), path.name, path.name, then, "now", lineterm=""
        )
    )
    more = len(lines) - _DIFF_LINES
    return "\n".join([*lines[:_DIFF_LINES], *([f"… {more} more lines"] if more > 0 else [])])
