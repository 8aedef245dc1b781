from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases.servers import Database
from tests.schema.conftest import Project


@pytest.fixture
def bare(tmp_path: Path) -> Project:
    """A project whose migrations folder does not exist yet."""
    return Project(Database("sqlite", "sqlite://"), tmp_path / "migrations")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_init_writes_what_flask_migrate_writes(bare: Project) -> None:
    result = bare.flask("db", "init")
    names = {path.name for path in bare.folder.iterdir()}
    assert names == {"README", "alembic.ini", "env.py", "script.py.mako", "versions"}
    assert f"Generating {bare.folder}/env.py ...  done" in result.stdout
    assert "Please edit configuration/connection/logging settings" in result.stdout


def test_init_refuses_a_folder_that_has_something_in_it(bare: Project) -> None:
    bare.folder.mkdir()
    (bare.folder / "env.py").write_text("# mine\n")
    before = contents(bare.folder)
    result = bare.flask("db", "init", ok=False)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "already exists and is not empty; nothing was changed." in result.stderr
    assert result.stdout == ""
    assert contents(bare.folder) == before


def test_init_takes_a_template_by_name_and_by_folder(bare: Project, tmp_path: Path) -> None:
    bare.flask("db", "init", "--multidb")
    assert "multidb=True" in (bare.folder / "env.py").read_text()
    own = tmp_path / "own"
    own.mkdir()
    (own / "README").write_text("Our own.\n")
    (own / "alembic.ini.mako").write_text("[alembic]\n")
    bare.flask("db", "init", "-t", str(own), "-d", str(tmp_path / "second"))
    assert (tmp_path / "second" / "README").read_text() == "Our own.\n"
    bare.flask("db", "init", "-t", "aioflask", "-d", str(tmp_path / "third"))
    assert "async" in (tmp_path / "third" / "env.py").read_text()


def test_init_names_the_templates_if_it_does_not_know_one(bare: Project) -> None:
    result = bare.flask("db", "init", "-t", "django", ok=False)
    assert result.exit_code == 2
    assert "'flask-multidb'" in result.stderr
    assert not bare.folder.exists()


def test_init_makes_a_package_on_demand(bare: Project) -> None:
    bare.flask("db", "init", "--package")
    assert (bare.folder / "__init__.py").is_file()
    assert (bare.folder / "versions" / "__init__.py").is_file()
