"""Which of the modules that a revision imports are the application's own."""

from __future__ import annotations

import importlib.util
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .recorded import Recording

_LIBRARIES = frozenset(("alembic", "sqlalchemy", *sys.stdlib_module_names))
_INSTALLED = ("site-packages", "dist-packages")
# Names that applications give to their packages, for a history whose application is not there.
_USUAL_NAMES = frozenset(
    ("app", "application", "apps", "api", "backend", "config", "core", "database", "db", "extensions", "main", "model",
     "models", "project", "server", "settings", "src", "web", "webapp")
)  # fmt: skip
_USUAL_PARTS = frozenset(("app", "db", "database", "extensions", "model", "models", "schemas"))
# A project's root is not further above its versions folder than this.
_LEVELS = 6


def application_imports(recording: Recording) -> tuple[str, ...]:
    """Return the modules of the application that the revision imports, as they are written there.

    A module is the application's own if it lies above the revision in the project, or if it is neither part of
    Python nor installed and carries a name that applications use. Helpers in the migrations folder do not count.
    """
    path = recording.path
    return tuple(
        name for name in recording.imports if not name.startswith(".") and _is_application(name, path)
    )


def missing_libraries(recording: Recording) -> tuple[str, ...]:
    """Return the modules that are not there and do not look like the application's own."""
    own = {name.partition(".")[0] for name in application_imports(recording)}
    return tuple(name for name in recording.stubbed if name.partition(".")[0] not in own)


def _is_application(name: str, path: Path | None) -> bool:
    top, *parts = name.split(".")
    if top in _LIBRARIES or (path is not None and top in path.parts[-3:-1]):
        return False
    place = _place(top)
    if place == "installed":
        return False
    if place == "project" or (path is not None and _lies_above(top, path.parent)):
        return True
    return top in _USUAL_NAMES or bool(_USUAL_PARTS.intersection(parts))


@lru_cache(maxsize=512)
def _place(top: str) -> str:
    """Say where a module is: `installed` beside Alembic, in the `project`, or `missing`."""
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        return "missing"
    if spec is None:
        return "missing"
    where = [spec.origin or "", *(spec.submodule_search_locations or ())]
    return (
        "installed" if any(part in Path(text).parts for text in where for part in _INSTALLED) else "project"
    )


@lru_cache(maxsize=512)
def _lies_above(top: str, folder: Path) -> bool:
    above = folder.resolve().parents[:_LEVELS]
    return any((place / top / "__init__.py").is_file() or (place / f"{top}.py").is_file() for place in above)
