"""The templates that `flask db init` can copy."""

from __future__ import annotations

from pathlib import Path

import flask_migrate  # type: ignore[import-untyped]

_FOLDERS = (Path(flask_migrate.__file__).parent / "templates", Path(__file__).parent.parent / "templates")


def templates() -> dict[str, Path]:
    """Return the templates by name: those of Flask-Migrate, with ours in place of its own of the same name."""
    found = {
        path.name: path for folder in _FOLDERS for path in folder.iterdir() if (path / "README").is_file()
    }
    return dict(sorted(found.items()))


def synopsis(template: Path) -> str:
    """Return the first line of a template's README."""
    return (template / "README").read_text().splitlines()[0].strip()
