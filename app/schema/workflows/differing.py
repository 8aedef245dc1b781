"""What differs between two versions of a revision file: its text, its place, or what it does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.ops import OpaqueOp
from ..scripts.meaning import meaning, same_code
from ..scripts.recorder import load_module, record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..core.edit import Difference
    from ..core.recorded import Direction, RecordedOp, Recording
    from ..core.server import Server

# Why what is known of a revision may be only a part of what it does: it cannot be loaded, or stops.
_CUT_SHORT = {"load", "stop"}


@dataclass(frozen=True)
class Version:
    """One version of a revision file.

    :param path: a file that holds it.
    :param stands_for: the file that it was read from, for a revision that looks at what lies beside it.
    """

    id: str
    parents: tuple[str, ...]
    path: Path
    text: str
    stands_for: Path | None = None


def difference(old: Version, new: Version, server: Server) -> tuple[Difference, str]:
    """Return the worst that differs, and in a few lines what was and is done.

    :param server: the one that operations are recorded for.
    """
    moved = old.parents != new.parents
    found: tuple[Difference, str] = ("text", "")
    if not same_code(old.text, new.text):
        found = _in_effect(old, new, server)
    if moved and found[0] != "operations":
        followed, follows = (", ".join(version.parents) or "nothing" for version in (old, new))
        return "parents", f"it followed {followed} and follows {follows}"
    return found


def _in_effect(old: Version, new: Version, server: Server) -> tuple[Difference, str]:
    unclear = False
    directions: tuple[tuple[Direction, Difference], ...] = (
        ("upgrade", "operations"),
        ("downgrade", "downgrade"),
    )
    for direction, verdict in directions:
        recordings = [_recorded(version, server, direction) for version in (old, new)]
        before, after = map(_known, recordings)
        causes = {cause for recording in recordings for cause in _unknown(recording)}
        if before != after:
            vague = unclear or causes & _CUT_SHORT
            return ("unknown", "") if vague else (verdict, _changes(before, after))
        unclear = unclear or bool(causes)
    return ("unknown", "") if unclear else ("code", "")


def _recorded(version: Version, server: Server, direction: Direction) -> Recording:
    module = load_module(version.path, version.stands_for)
    return record(version.path, version.id, server, direction, module=module)


def _known(recording: Recording) -> tuple[str, ...]:
    """What the recording does, without what could not be found out."""
    pairs = zip(meaning(recording), recording.operations, strict=True)
    return tuple(line for line, step in pairs if _cause(step) is None)


def _unknown(recording: Recording) -> list[str]:
    return [cause for cause in map(_cause, recording.operations) if cause is not None]


def _cause(step: RecordedOp) -> str | None:
    """Why it is not known what a step does; `None` if it is. SQL that is not understood is known by its text."""
    if not isinstance(step.op, OpaqueOp) or step.sql or step.op.sql:
        return None
    return step.op.cause


def _changes(was: Sequence[str], now: Sequence[str]) -> str:
    """Say in a few lines what is no longer done and what is done instead."""
    gone = [f"- {line}" for line in was if line not in now]
    new = [f"+ {line}" for line in now if line not in was]
    return "\n".join([*gone, *new]) or "the order of the operations"
