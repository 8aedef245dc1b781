"""The versions folders → revisions and what is wrong with them, without running a file."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import HistoryBroken
from ..core.revision import HistoryProblem, Revision
from . import graph
from .header import Undetermined, read_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Alembic's own rule for what is a revision file (`_only_source_rev_file`).
_IGNORED_PREFIXES = (".#", "__init__")


@dataclass(frozen=True, slots=True)
class History:
    """All revisions of a migrations folder.

    :param revisions: the revisions, in the order of their file names.
    :param undetermined: files that only Alembic can read, by running them.
    :param problems: what is wrong, fatal or not.
    """

    revisions: tuple[Revision, ...]
    undetermined: tuple[Path, ...]
    problems: tuple[HistoryProblem, ...]

    @property
    def complete(self) -> bool:
        """Whether every file could be read without running it."""
        return not self.undetermined

    @property
    def heads(self) -> tuple[str, ...]:
        """Ids of the revisions that no other one follows. Only sure if the history is `complete`."""
        return tuple(revision.id for revision in graph.heads(self.revisions))

    def get(self, revision_id: str) -> Revision | None:
        """The revision with exactly this id."""
        return next((revision for revision in self.revisions if revision.id == revision_id), None)

    def starting_with(self, prefix: str) -> tuple[Revision, ...]:
        """The revisions whose id starts so."""
        return tuple(revision for revision in self.revisions if revision.id.startswith(prefix))

    def by_path(self, path: Path | str) -> Revision | None:
        """The revision in this file."""
        wanted = os.path.realpath(path)
        return next((r for r in self.revisions if os.path.realpath(r.path) == wanted), None)

    def pending(self, applied: Sequence[str]) -> tuple[Revision, ...]:
        """The revisions above `applied`, in the order of their file names."""
        done = graph.ancestors(self.revisions, applied)
        return tuple(revision for revision in self.revisions if revision.id not in done)

    def require_sound(self) -> None:
        """Refuse a history that Alembic cannot load.

        :raises HistoryBroken: names every fatal problem with file and line.
        """
        fatal = [problem for problem in self.problems if problem.fatal]
        if len(fatal) == 1:
            raise HistoryBroken(fatal[0].found, hint=fatal[0].hint)
        if fatal:
            found = " ".join(f"({number}) {problem.found}" for number, problem in enumerate(fatal, 1))
            raise HistoryBroken(f"The history has {len(fatal)} problems: {found}", hint=fatal[0].hint)


def read(folders: Iterable[Path], *, recursive: bool = False) -> History:
    """Read the versions folders.

    :param folders: the version locations; one that does not exist is empty.
    :param recursive: whether their sub-folders belong to them, as with `recursive_version_locations`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a doubtful escape in an old file is not worth a word here
        results = [read_file(path) for path in _files(folders, recursive=recursive)]
    revisions = tuple(result for result in results if isinstance(result, Revision))
    undetermined = tuple(result.path for result in results if isinstance(result, Undetermined))
    broken = tuple(result for result in results if isinstance(result, HistoryProblem))
    complete = not undetermined and not broken
    return History(revisions, undetermined, (*broken, *graph.problems(revisions, complete=complete)))


def _files(folders: Iterable[Path], *, recursive: bool) -> Iterator[Path]:
    """The Python sources in the folders, each folder sorted by name. Compiled files are left out."""
    for folder in folders:
        for root, directories, names in os.walk(folder):
            directories[:] = sorted(d for d in directories if recursive and d != "__pycache__")
            for name in sorted(names):
                if name.endswith(".py") and not name.startswith(_IGNORED_PREFIXES):
                    yield Path(root, name)
