"""One line of the ledger: what was done to a database with one revision, when, by whom, and what it looked like."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from .recorded import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable

_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHORT = 10


class Kind(StrEnum):
    """How an entry came about."""

    UPGRADE = "upgrade"
    DOWNGRADE = "downgrade"
    STAMP = "stamp"
    """Written into the version table without running anything."""
    RESUME = "resume"
    """The rest of a revision that was interrupted."""
    REPAIR = "repair"
    """A person accepted that files and database differ, and said why."""
    ADOPT = "adopt"
    """Found in the version table, without an entry: it was there before the ledger, or another tool wrote it."""


class Result(StrEnum):
    """How it ended."""

    STARTED = "started"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Page:
    """A revision file as it was at a moment.

    :param path: of the file, within its versions folder.
    :param parents: `down_revision`.
    :param source: the bytes of the file; `None` where they were not asked for, or the file was gone already.
    :param source_digest: of the normalised source: see `scripts.digest`.
    :param meaning_digest: of what `upgrade()` does on the server, `None` where that was not found out.
    :param downgrade_digest: of what `downgrade()` does.
    :param message: first line of the docstring.
    """

    revision: str
    path: str = ""
    parents: tuple[str, ...] = ()
    source: bytes | None = None
    source_digest: str | None = None
    meaning_digest: str | None = None
    downgrade_digest: str | None = None
    message: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of the ledger.

    :param page: the revision, as it was then.
    :param direction: whether the revision is applied afterwards ("upgrade") or is not.
    :param id: random; tells the entry in any copy of the database.
    :param attempt: what "started" and how it ended have in common.
    :param number: grows from entry to entry; 0 before it is written.
    :param heads: what the version table said afterwards; `None` where nothing was moved.
    :param started_at: by the clock of the database, in UTC.
    :param duration: seconds, by the clock of the runner, which nobody sets in between.
    :param server: engine and version.
    :param user: whom the process belonged to; `host` and `pid` say which it was.
    :param code: the application's version, its git commit as a rule.
    :param tool: version of this package.
    :param error: first lines of what went wrong, without data.
    :param note: why somebody repaired, accepted or forced it.
    :param attempts: how often it was begun before it had its locks.
    :param longest_wait: seconds of the longest wait for a lock.
    """

    page: Page
    direction: Direction
    kind: Kind
    result: Result
    id: str
    attempt: str
    number: int = 0
    heads: tuple[str, ...] | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    duration: float = 0.0
    server: str = ""
    user: str = ""
    host: str = ""
    pid: int = 0
    code: str | None = None
    tool: str = ""
    error: str | None = None
    note: str | None = None
    attempts: int = 1
    longest_wait: float = 0.0

    @property
    def revision(self) -> str:
        """Id of the revision."""
        return self.page.revision

    @property
    def moment(self) -> datetime | None:
        """When it ended, or began if it did not."""
        return self.ended_at or self.started_at

    @property
    def circumstances(self) -> str:
        """When, by whom and by which code, as the end of a sentence."""
        moment = f"on {self.moment:%Y-%m-%d at %H:%M} UTC " if self.moment else ""
        code = f", by code {short_version(self.code)}" if self.code else ""
        return f"{moment}by {self.user or 'somebody'} on {self.host}{code}"

    @property
    def told(self) -> str:
        """One sentence: what was done, when, by whom and by which code."""
        verb = {Kind.ADOPT: "It was found applied", Kind.STAMP: "It was stamped"}.get(
            self.kind, "It was applied"
        )
        return f"{verb if self.result is Result.DONE else 'It was begun'} {self.circumstances}."

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form: without the source, with moments in ISO 8601."""
        page = self.page
        return {
            "number": self.number,
            "id": self.id,
            "attempt": self.attempt,
            "revision": page.revision,
            "parents": list(page.parents),
            "message": page.message,
            "path": page.path,
            "direction": self.direction,
            "kind": self.kind.value,
            "result": self.result.value,
            "heads": None if self.heads is None else list(self.heads),
            "started_at": _iso(self.started_at),
            "ended_at": _iso(self.ended_at),
            "duration": round(self.duration, 6),
            "source_digest": page.source_digest,
            "meaning_digest": page.meaning_digest,
            "downgrade_digest": page.downgrade_digest,
            "server": self.server,
            "user": self.user,
            "host": self.host,
            "pid": self.pid,
            "code": self.code,
            "tool": self.tool,
            "error": self.error,
            "note": self.note,
            "attempts": self.attempts,
            "longest_wait": round(self.longest_wait, 6),
        }


@dataclass(frozen=True)
class Applied:
    """A revision that is applied.

    :param entry: how that came about.
    :param latest: what describes it as it was then, or as somebody accepted it later.
    """

    entry: Entry
    latest: Entry

    @property
    def page(self) -> Page:
        """What the revision is held to."""
        return self.latest.page


@dataclass
class Standing:
    """What the ledger of one version table says by now.

    :param applied: the revisions that are applied, in the order in which they were.
    :param heads: what the version table said after the last entry that moved it; `None` before the first.
    :param open: entries of attempts of which it is not known how they ended, by revision.
    :param failed: last attempts that failed, of revisions that were not done since.
    """

    applied: dict[str, Applied] = field(default_factory=dict)
    heads: tuple[str, ...] | None = None
    open: dict[str, Entry] = field(default_factory=dict)
    failed: dict[str, Entry] = field(default_factory=dict)

    def add(self, entry: Entry) -> None:
        """Take the next entry in.

        A repair describes a revision anew and leaves it at its place; a revision that is taken back loses it.
        """
        self.open.pop(entry.revision, None)
        self.failed.pop(entry.revision, None)
        if entry.result is Result.STARTED:
            self.open[entry.revision] = entry
        elif entry.result is Result.FAILED:
            self.failed[entry.revision] = entry
        else:
            self.heads = self.heads if entry.heads is None else entry.heads
            self._move(entry)

    def _move(self, entry: Entry) -> None:
        before = self.applied.get(entry.revision)
        if entry.direction == "downgrade":
            self.applied.pop(entry.revision, None)
        else:
            self.applied[entry.revision] = Applied(before.entry if before else entry, entry)


def standing(entries: Iterable[Entry]) -> Standing:
    """Read a ledger from its first entry to its last."""
    found = Standing()
    for entry in entries:
        found.add(entry)
    return found


def short_version(code: str) -> str:
    """Return a version as it is read: the beginning of a git commit, anything else as it is."""
    return code[:_SHORT] if _COMMIT.fullmatch(code) else code


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
