"""A history that uses most kinds of changes, the same on every engine as far as it can be.

`histories/zoo.txt` holds the body of one `upgrade()` after the other, `histories/zoo_<engine>.txt` what only that
engine has. On SQLite tables are rebuilt where elsewhere they are altered.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

from tests.schema.conftest import Project

FOLDER = Path(__file__).parent / "histories"


def bodies(engine: str) -> list[str]:
    """What each revision does, in order."""
    texts = [(FOLDER / name).read_text() for name in ("zoo.txt", f"zoo_{engine}.txt")]
    return [body.strip() for text in texts for body in text.split("\n\n")]


def write(project: Project) -> list[str]:
    """Write the revisions for the engine that the project uses, and return their ids."""
    written: list[str] = []
    for number, body in enumerate(bodies(project.database.engine), 1):
        parent = written[-1] if written else None
        project.revision(f"r{number:02}", parent, upgrade=indent(body, "    ").strip())
        written.append(f"r{number:02}")
    return written
