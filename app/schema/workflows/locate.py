"""Where the migrations folder is, from whatever folder the command was typed in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def locate(directory: str, roots: Iterable[Path | str]) -> tuple[str, tuple[Path, ...]]:
    """Find a migrations folder.

    :param directory: as configured or typed. An absolute one is taken as it is; a relative one is looked for from
        the current folder, then from each root.
    :param roots: folders of the application.
    :return: the folder, and the places that were tried. If it is nowhere, the folder as it was given.
    """
    tried = tuple(dict.fromkeys(Path(root, directory).resolve() for root in (Path.cwd(), *roots)))
    if Path(directory).is_dir():
        return directory, tried
    return next((str(place) for place in tried if place.is_dir()), directory), tried
