"""Makes copies of `tests/projects/shop`, breaks them, and runs commands on them."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from app.schema.core.own_tables import OWN_TABLES

ROOT = Path(__file__).parent.parent.parent
TEMPLATE = ROOT / "tests" / "projects" / "shop"
NOBODY = 65534


class Shop:
    """A copy of the project on a database of its own.

    :param folder: where the copy lies; it becomes the current directory.
    :param url: the database; without one a SQLite file in the folder.
    """

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, url: str | None = None) -> None:
        self.folder = folder
        self.url = url or f"sqlite:///{folder}/shop.db"
        self.versions = folder / "migrations" / "versions"
        self._patch = patch
        folder.mkdir(exist_ok=True)
        shutil.copy(TEMPLATE / "main.py", folder)
        patch.chdir(folder)
        self.succeed("init")
        shutil.copytree(TEMPLATE / "versions", self.versions, dirs_exist_ok=True)

    def module(self) -> ModuleType:
        """Load main.py anew, as a process of its own would."""
        name = f"shop_{self.folder.name}"
        spec = importlib.util.spec_from_file_location(name, self.folder / "main.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        self._patch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
        return module

    def app(self) -> Flask:
        app = self.module().create_app(self.url)
        assert isinstance(app, Flask)
        return app

    def db(self, *args: str) -> Result:
        """Run `flask db …` in this process."""
        return self.app().test_cli_runner().invoke(args=["db", *args])

    def succeed(self, *args: str) -> Result:
        result = self.db(*args)
        assert result.exit_code == 0, result.output
        return result

    def process(
        self, *args: str, module: str = "flask", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run `python -m flask …` in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", module, *args],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": self.url, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def write(self, name: str, content: str) -> Path:
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return path

    def edit(self, name: str, old: str, new: str) -> None:
        source = (self.folder / name).read_text(encoding="utf-8")
        assert old in source, f"{name} has no {old!r}"
        self.write(name, source.replace(old, new))

    def revision(self, revision: str, parent: str | None, body: str = "pass", **more: str) -> Path:
        """Write one more revision. `head` goes before the functions, `down` into downgrade()."""
        lines = [
            f'"""{revision}"""',
            "import sqlalchemy as sa",
            "from alembic import op",
            more.get("head", ""),
            f"revision = {revision!r}",
            f"down_revision = {parent!r}",
            "def upgrade():",
            f"    {body}",
            "def downgrade():",
            f"    {more.get('down', 'pass')}",
        ]
        return self.write(f"migrations/versions/{more.get('name', revision)}.py", "\n".join(lines) + "\n")

    def sql(self, *statements: str) -> list[Any]:
        """Run statements on a connection of their own; the rows of the last one."""
        rows: list[Any] = []
        with connected(self.url) as connection:
            for statement in statements:
                result = connection.execute(text(statement))
                rows = [tuple(row) for row in result] if result.returns_rows else []
            connection.commit()
        return rows

    def state(self) -> tuple[dict[str, bytes], dict[str, list[str]] | None, Any]:
        """Every file of the migrations folder, every table with its columns, and the version table.

        Without the tables that the schema engine keeps for itself, and without a version table that names no
        revision: a failure is written down.
        """
        migrations = self.folder / "migrations"
        files = {
            str(path.relative_to(migrations)): path.read_bytes()
            for path in sorted(migrations.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        }
        try:
            tables = self._tables()
        except SQLAlchemyError:
            return files, None, []
        version = "alembic_version" in tables and self.sql("SELECT version_num FROM alembic_version")
        if version == []:
            del tables["alembic_version"]
        return files, tables, version or []

    def _tables(self) -> dict[str, list[str]]:
        with connected(self.url) as connection:
            inspector = inspect(connection)
            names = set(inspector.get_table_names()) - OWN_TABLES
            return {name: [column["name"] for column in inspector.get_columns(name)] for name in names}


@contextlib.contextmanager
def connected(url: str) -> Iterator[Any]:
    """A connection that is closed for good afterwards."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@contextlib.contextmanager
def readable_folder() -> Iterator[Path]:
    """A temporary folder that every user may enter, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextlib.contextmanager
def unprivileged() -> Iterator[None]:
    """Be a user for whom the rights of files count: root may write everything."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)
