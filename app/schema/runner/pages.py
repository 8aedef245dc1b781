"""Revision files of a command → what the ledger keeps of each: source, digests, name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.entry import Page
from ..core.lineage import lineage
from ..core.server import ENGINES
from ..scripts.digest import meaning_digest, source_digest
from ..scripts.meaning import meaning
from ..scripts.recorder import load_module, record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic.script import Script, ScriptDirectory

    from ..core.recorded import Direction
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
        path = Path(script.path)
        try:
            source = path.read_bytes()
        except OSError:  # deleted since Alembic read it
            return Page(script.revision, path.name)
        upgrade, downgrade = self._meanings(script.revision, path)
        return Page(
            script.revision,
            self._name(path),
            script._versioned_down_revisions,
            source,
            source_digest(source),
            upgrade,
            downgrade,
            script.doc or "",
        )

    def _name(self, path: Path) -> str:
        """The path within the versions folder."""
        for location in self._script._version_locations:
            if path.is_relative_to(location):
                return path.relative_to(location).as_posix()
        return path.name

    def _meanings(self, revision: str, path: Path) -> tuple[str | None, str | None]:
        if self._server.engine not in ENGINES:
            return None, None
        module: Module | None = None
        digests = []
        directions: tuple[Direction, ...] = ("upgrade", "downgrade")
        for direction in directions:
            recording = self._recorded(revision, direction, self._server)
            if recording is None:
                module = module or load_module(path)
                recording = record(path, revision, self._server, direction, module=module)
            if any(step.autocommit for step in recording.operations):
                self.in_pieces.add(revision)
            digests.append(meaning_digest(meaning(recording)))
        return digests[0], digests[1]
