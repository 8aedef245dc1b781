"""Sends one statement from a process of its own, to be killed while the server executes it.

    python -m tests.schema.runner.killing URL STATEMENT [SETTING ...]

Prints `sending` before it sends the statement, and `done` after it.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, NullPool, create_engine, text

from tests.databases.servers import Database

_QUERIES = {
    "postgresql": "SELECT query FROM pg_stat_activity WHERE state = 'active' AND datname = current_database()",
    "mysql": "SELECT info FROM information_schema.processlist WHERE db = database() AND info IS NOT NULL",
}
_PATIENCE = 60.0


@contextmanager
def client(database: Database, statement: str, *settings: str) -> Iterator[subprocess.Popen[str]]:
    """A process that sends a statement, and has begun to. It is killed at the end of the block, if not before."""
    command = [sys.executable, "-m", "tests.schema.runner.killing", database.url, statement, *settings]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line == "sending\n", line + process.stdout.read()
        try:
            yield process
        finally:
            process.kill()


def killed_while(database: Database, statement: str, until: Callable[[], bool], *settings: str) -> None:
    """Send a statement from another process, and kill that when something holds."""
    with client(database, statement, *settings) as process:
        wait_until(until)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL


def wait_until(holds: Callable[[], bool]) -> None:
    """Look again and again, until something holds."""
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.01)


def is_executed(connection: Connection, word: str) -> bool:
    """True if another session executes a statement that begins with a word."""
    found = connection.scalars(text(_QUERIES[connection.dialect.name])).all()
    connection.rollback()
    return any(query.startswith(word) for query in found)


def main(url: str, statement: str, settings: list[str]) -> None:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in settings:
            connection.exec_driver_sql(setting)
        sys.stdout.write("sending\n")
        sys.stdout.flush()
        connection.exec_driver_sql(statement)
        sys.stdout.write("done\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
