"""A copy of this repository's product, and a shell in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.databases.servers import Database

ROOT = Path(__file__).parent.parent
COPIED = ("main.py", "extensions.py", "models.py", "config.py", ".flaskenv", "app", "migrations")


def copy_to(folder: Path) -> Path:
    """Copy what the application consists of into a new folder."""
    folder.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    return folder


def run(folder: Path, database: Database, *command: str) -> str:
    """Run a command as somebody would who has set nothing but the database, and return what it said."""
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("FLASK_", "APP_ENV", "SCHEMA_", "PYTHON"))
    }
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    # SQLite is what the README's reader has without setting anything.
    environment.pop("DATABASE_URL", None)
    if database.engine != "sqlite":
        environment["DATABASE_URL"] = database.url
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"$ {command[-1]}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr
