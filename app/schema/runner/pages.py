"""Revision files of a command → what the ledger keeps of each: source, digests, name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.entry import Page
from ..core.server import ENGINES
from ..scripts.digest import meaning_digest, source_digest
from ..scripts.meaning import meaning
from ..scripts.recorder import load_module, record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic.script import Script, ScriptDirectory

    from ..core.recorded import Direction, Recording
    from ..core.server import Server
    from ..scripts.recording.module import Module

Recorded = Callable[[str, "Direction", "Server"], "Recording | None"]
"""A recording that somebody made already in this command; `None` if nobody did."""


class Pages:
    """The pages of one command on one server. Each is made once.

    :param script: the revision files, as Alembic read them.
    :param server: what the revisions' meaning is found out for.
    """

    def __init__(self, script: ScriptDirectory, server: Server, recorded: Recorded) -> None:
        self._script = script
        self._server = server
        self._recorded = recorded
        self._pages: dict[str, Page] = {}

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
        done: dict[str, None] = {}
        waiting = [(head, False) for head in sorted(heads, reverse=True)]
        while waiting:
            revision, above_done = waiting.pop()
            script = None if revision in done else self._found(revision)
            if script is None:
                continue
            if above_done:
                done[script.revision] = None
            else:
                waiting.append((revision, True))
                waiting += [(parent, False) for parent in script._all_down_revisions]
        return list(done)

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
            digests.append(meaning_digest(meaning(recording)))
        return digests[0], digests[1]
