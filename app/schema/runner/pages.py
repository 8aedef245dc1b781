"""Revision files of a command → what the ledger keeps of each: source, digests, name."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.entry import Page
from ..core.lineage import lineage
from ..core.server import ENGINES
from ..scripts.digest import meaning_digest, source_digest
from ..scripts.meaning import meaning
from ..scripts.recorder import load_module, record
from .clerk import nothing_recorded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alembic.script import Script, ScriptDirectory

    from ..core.recorded import Direction, Recording
    from ..core.server import Server
    from ..scripts.recording.module import Module
    from .clerk import Recorded


class Pages:
    """The pages of one command on one server. Each is made once.

    :param script: the revision files, as Alembic read them.
    :param server: what the revisions' meaning is found out for.
    :param recorded: recordings that are there already.
    """

    def __init__(self, script: ScriptDirectory, server: Server, recorded: Recorded) -> None:
        self._script = script
        self._server = server
        self._recorded = recorded
        self._pages: dict[str, Page] = {}
        self.in_pieces: set[str] = set()
        """Revisions, of those that were asked for, that commit in between."""

    def of(self, revision: str) -> Page:
        """Return the page of a revision; one that says its id only, where no file has it."""
        if revision not in self._pages:
            found = self._found(revision)
            self._pages[revision] = self._made(found) if found is not None else Page(revision)
        return self._pages[revision]

    def lineage(self, heads: Iterable[str]) -> list[str]:
        """Return the revisions that a database has which stands at `heads`, parents first.

        Revisions that no file has are left out.
        """
        return lineage(heads, self._above)

    def _above(self, revision: str) -> tuple[str, ...] | None:
        script = self._found(revision)
        return None if script is None else script._all_down_revisions

    def _found(self, revision: str) -> Script | None:
        known: dict[str, Any] = self._script.revision_map._revision_map  # type: ignore[assignment]  # a lazy one
        return known.get(revision)

    def _made(self, script: Script) -> Page:
        page = Page(
            script.revision,
            self._name(script.path),
            script._versioned_down_revisions,
            message=script.doc or "",
        )
        try:
            made, in_pieces = described(page, Path(script.path), self._server, self._recorded)
        except OSError:  # deleted since Alembic read it
            return page
        if in_pieces:
            self.in_pieces.add(script.revision)
        return made

    def _name(self, path: str) -> str:
        """The path within the versions folder."""
        for location in self._script._version_locations:
            folder = f"{location}{os.sep}"
            if path.startswith(folder):
                return path.removeprefix(folder).replace(os.sep, "/")
        return Path(path).name


def described(
    page: Page, path: Path, server: Server, recorded: Recorded = nothing_recorded
) -> tuple[Page, bool]:
    """Return a page with the source and the digests of a file, and whether its revision commits in between.

    :param page: the revision, its parents, its name.
    :param server: what the revision's meaning is found out for.
    :raises OSError: if the file cannot be read.
    """
    source = path.read_bytes()
    digests: list[str | None] = [None, None]
    in_pieces = False
    if server.engine in ENGINES:
        recordings = list(_recordings(page.revision, path, server, recorded))
        digests = [meaning_digest(meaning(recording)) for recording in recordings]
        in_pieces = any(step.autocommit for recording in recordings for step in recording.operations)
    return replace(
        page,
        source=source,
        source_digest=source_digest(source),
        meaning_digest=digests[0],
        downgrade_digest=digests[1],
    ), in_pieces


def _recordings(revision: str, path: Path, server: Server, recorded: Recorded) -> Iterator[Recording]:
    module: Module | None = None
    directions: tuple[Direction, ...] = ("upgrade", "downgrade")
    for direction in directions:
        recording = recorded(revision, direction, server)
        if recording is None:
            module = module or load_module(path)
            recording = record(path, revision, server, direction, module=module)
        yield recording
