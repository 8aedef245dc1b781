"""The heads of the code, for whoever asks at every request."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic.script import ScriptDirectory

from ..scripts import directory

if TYPE_CHECKING:
    from .target import Target

_Stamp = tuple[tuple[str, int, int], ...]
_known: dict[str, tuple[_Stamp, tuple[str, ...]]] = {}


def known_heads(target: Target) -> tuple[str, ...]:
    """Return the ids of the heads, in order.

    The files are read once for each state of the versions folder (names, sizes, times), without running them. Only
    files whose header is computed are run, once.
    """
    folder = ScriptDirectory.from_config(target.config)
    locations = folder._version_locations
    stamp = tuple(entry for location in locations for entry in _entries(location))
    before = _known.get(target.directory)
    if before is None or before[0] != stamp:
        history = directory.read(locations, recursive=folder.recursive_version_locations)
        heads = history.heads if history.complete else tuple(folder.get_heads())
        before = _known[target.directory] = (stamp, tuple(sorted(heads)))
    return before[1]


def _entries(folder: Path) -> _Stamp:
    files = (path for path in folder.rglob("*.py") if path.is_file()) if folder.is_dir() else ()
    stats = sorted((str(path), path.stat()) for path in files)
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)
