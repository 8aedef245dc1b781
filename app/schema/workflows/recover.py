"""Write revision files back from the ledger."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ..core.entry import Result, standing
from ..core.errors import SchemaError, UsageProblem
from ..core.wording import listed, shown
from ..scripts import directory
from ..scripts.digest import source_digest
from ..scripts.files import write_atomically
from .databases import look_at_each
from .running import revisions, running

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..core.entry import Page
    from ..scripts.directory import History
    from ..scripts.writing import RevisionFolder
    from .databases import Place
    from .target import Target


@dataclass(frozen=True)
class Recovered:
    """One file.

    :param written: whether it was written; not, if it says already what the ledger says.
    """

    revision: str
    path: Path
    written: bool


@dataclass
class _Kept:
    """What the ledgers of all databases keep.

    :param pages: for each revision the last page that has a source.
    :param applied: revisions that are applied somewhere.
    """

    pages: dict[str, Page]
    applied: set[str]


def recover(target: Target, wanted: Sequence[str] = (), *, force: bool = False) -> tuple[Recovered, ...]:
    """Write files back as they were when they were applied.

    :param wanted: ids of revisions, or their beginnings; every applied one that no file has, if there is none.
    :param force: also where a file of the revision says something else now.
    :raises UsageProblem: if no ledger keeps such a revision.
    :raises SchemaError: if a file would be overwritten.
    """
    with running(target):
        folder = revisions(target)
        history = directory.read(folder._version_locations, recursive=folder.recursive_version_locations)
        kept = _kept(target, folder)
        if wanted:
            chosen = [_meant(kept, it) for it in wanted]
        else:
            chosen = [it for it in kept.pages if it in kept.applied and history.get(it) is None]
            _require_complete(history, chosen)
        plans = [_planned(folder, history, kept.pages[it], force=force) for it in dict.fromkeys(chosen)]
        return tuple(_write(plan) for plan in plans)


def _kept(target: Target, folder: RevisionFolder) -> _Kept:
    kept = _Kept({}, set())

    def look(place: Place) -> None:
        store = place.ledger
        if not store.exists():
            return
        entries = store.read(sources=True)
        kept.applied |= set(standing(entries).applied)
        # What failed may never have run as it was; it is better than nothing.
        for entry in sorted(entries, key=lambda it: it.result is Result.DONE):
            if entry.page.source is not None:
                kept.pages[entry.revision] = entry.page

    look_at_each(target, folder, look)
    return kept


def _meant(kept: _Kept, wanted: str) -> str:
    if wanted in kept.pages:
        return wanted
    meant = [it for it in kept.pages if it.startswith(wanted)]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise UsageProblem(
            f"'{wanted}' is the beginning of {listed(meant)}.",
            hint="Type more characters of the one you mean.",
        )
    raise UsageProblem(
        f"No ledger keeps a revision '{wanted}'.",
        hint="Type `flask db log` to see what there is, or look for the file with "
        f"`git log --all --oneline -S {wanted}`.",
    )


def _require_complete(history: History, chosen: Iterable[str]) -> None:
    """Refuse to guess which files are missing where some cannot be read."""
    if history.complete:
        return
    names = listed(shown(path) for path in history.undetermined)
    raise UsageProblem(
        f"Which revisions are missing cannot be told: the id of {names} is computed.",
        hint=f"Name what to write back: `flask db recover {' '.join(chosen) or '<revision>'}`.",
    )


@dataclass(frozen=True)
class _Plan:
    page: Page
    path: Path
    write: bool


def _planned(folder: RevisionFolder, history: History, page: Page, *, force: bool) -> _Plan:
    """Where a page goes, and whether it has to be written."""
    own = history.get(page.revision)
    path = own.path if own is not None else _free(folder, history, page)
    if not path.exists():
        return _Plan(page, path, write=True)
    if source_digest(path.read_bytes()) == page.source_digest:
        return _Plan(page, path, write=False)
    if not force:
        raise SchemaError(
            f"{shown(path)} says something else than the ledger keeps of revision '{page.revision}'; nothing was "
            "written.",
            hint=f"Type `flask db recover {page.revision} --force` to give it its old text back; what it says now is "
            "lost then, unless it is in version control.",
        )
    return _Plan(page, path, write=True)


def _free(folder: RevisionFolder, history: History, page: Page) -> Path:
    """The old name of the file; another one, if that belongs to another revision now."""
    locations = [Path(it) for it in folder._version_locations]
    name = _inside(page)
    for candidate in (name, _named(page)):
        taken = [history.by_path(location / candidate) for location in locations]
        if not any(taken):
            existing = [location for location in locations if (location / candidate).parent.is_dir()]
            return (existing or locations)[0] / candidate
    raise SchemaError(
        f"{shown(locations[0] / name)} and {shown(locations[0] / _named(page))} belong to other revisions.",
        hint="Move one of them, and type the command again.",
    )


def _inside(page: Page) -> PurePosixPath:
    """The path within the versions folder. What a database says is not to lead anywhere else."""
    path = PurePosixPath(page.path)
    harmless = path.suffix == ".py" and not path.is_absolute() and ".." not in path.parts
    return path if harmless and "\\" not in page.path else _named(page)


def _named(page: Page) -> PurePosixPath:
    return PurePosixPath(re.sub(r"[^\w-]", "_", page.revision) + ".py")


def _write(plan: _Plan) -> Recovered:
    if plan.write:
        plan.path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(plan.path, plan.page.source or b"")
    return Recovered(plan.page.revision, plan.path, plan.write)
