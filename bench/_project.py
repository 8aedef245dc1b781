"""A small application in a folder of its own, once with stock Flask-Migrate and once with this one."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IMPORTS = {"stock": "flask_migrate", "ours": "app.schema"}
MAIN = """import os

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from {package} import Migrate

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
db = SQLAlchemy(app)
migrate = Migrate(app, db)
"""


@dataclass(frozen=True)
class Cost:
    """What one process cost, in seconds.

    :param wall: from its start to its end.
    :param processor: user and system time of the process.
    """

    wall: float
    processor: float


@dataclass(frozen=True)
class Project:
    """The application, with a migrations folder as its own `flask db init` writes it."""

    folder: Path

    @classmethod
    def make(cls, folder: Path, package: str) -> Project:
        """Write the application and its migrations folder.

        :param package: the one that `Migrate` comes from.
        """
        folder.mkdir()
        (folder / "main.py").write_text(MAIN.format(package=package))
        project = cls(folder)
        project.flask("sqlite://", "db", "init")
        return project

    @property
    def versions(self) -> Path:
        """The folder of the revision files."""
        return self.folder / "migrations" / "versions"

    def copied(self, folder: Path) -> Project:
        """Return the same project in another, new folder."""
        shutil.copytree(self.folder, folder)
        return Project(folder)

    def flask(self, url: str, *arguments: str) -> Cost:
        """Run `flask …` to its end.

        :param url: of the database.
        :raises SystemExit: if it failed; with what it said.
        """
        before, start = _processor_time(), time.perf_counter()
        with self.started(url, *arguments) as command:
            command.wait()
        return Cost(time.perf_counter() - start, _processor_time() - before)

    @contextmanager
    def started(self, url: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """Start `flask …`, and leave the block when it has ended.

        :raises SystemExit: if it failed; with what it said.
        """
        environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("FLASK_", "SCHEMA_", "PYTHON"))
        }
        environment |= {"PYTHONPATH": str(ROOT), "DATABASE_URL": url}
        command = [sys.executable, "-m", "flask", "--app", "main", *arguments]
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=said, stderr=said)
            try:
                yield process
                process.wait()
            finally:
                process.kill()
                process.wait()
            if process.returncode:
                said.seek(0)
                raise SystemExit(
                    f"flask {' '.join(arguments)} failed:\n{said.read().decode(errors='replace')}"
                )


def _processor_time() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
