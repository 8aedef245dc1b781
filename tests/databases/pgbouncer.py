"""PgBouncer in front of a PostgreSQL database, for as long as a test runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import NullPool, create_engine, make_url
from sqlalchemy.exc import OperationalError

from .servers import Database, Folder, Unavailable, free_port, own_folder

HOW_TO_GET = "no PgBouncer here: `apt-get install pgbouncer`"


@contextmanager
def pooled(database: Database, mode: str, *settings: str) -> Iterator[Database]:
    """Start one and yield the same database as it is reached through it.

    :param mode: "transaction" or "session".
    :param settings: further lines of its configuration.
    :raises Unavailable: if the program is not on the machine.
    """
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        raise Unavailable(HOW_TO_GET)
    folder = own_folder()
    port = free_port()
    with ExitStack() as until:
        until.callback(shutil.rmtree, folder.path, ignore_errors=True)
        _configure(folder, database, mode, port, settings)
        process = subprocess.Popen(
            [*folder.prefix, program, "pgbouncer.ini"],
            cwd=folder.path, user=folder.user,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until.callback(process.wait)
        until.callback(process.kill)
        url = make_url(database.url)
        through = url.set(host="127.0.0.1", port=port, query={}).render_as_string(hide_password=False)
        _wait(through, process)
        yield Database(database.engine, through)


def _configure(
    folder: Folder, database: Database, mode: str, port: int, settings: tuple[str, ...] = ()
) -> None:
    url = make_url(database.url)
    host = url.host or url.query.get("host", "/var/run/postgresql")
    password = f" password={url.password}" if url.password else ""
    lines = [
        "[databases]",
        f"* = host={host} port={url.port or 5432} user={url.username}{password}",
        "[pgbouncer]",
        "listen_addr = 127.0.0.1",
        f"listen_port = {port}",
        "unix_socket_dir =",
        "auth_type = any",
        f"pool_mode = {mode}",
        f"logfile = {folder.path}/pgbouncer.log",
        *settings,
    ]
    (folder.path / "pgbouncer.ini").write_text("\n".join(lines) + "\n")


def _wait(url: str, process: subprocess.Popen[bytes], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 5})
    while True:
        try:
            engine.connect().close()
        except OperationalError:
            if time.monotonic() > deadline or process.poll() is not None:
                raise
            time.sleep(0.05)
        else:
            return


def required() -> bool:
    """Whether a missing program is a failure."""
    return os.environ.get("REQUIRE_ALL_DATABASES") == "1"
