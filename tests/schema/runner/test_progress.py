"""A long statement says how far it is: in one line on a terminal, in lines of its own elsewhere."""

from __future__ import annotations

import os
import pty
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import NullPool, create_engine

from app.schema.workflows.upgrade import upgrade
from tests.databases.servers import Database
from tests.schema.conftest import Project, create

INDEX = """with op.get_context().autocommit_block():
        op.create_index("ix", "t", ["id"], postgresql_concurrently=True)"""
UPGRADE = """
import sys
from pathlib import Path
from flask.cli import ScriptInfo
from tests.databases.servers import Database
from tests.schema.conftest import Project
project = Project(Database("postgresql", sys.argv[2]), Path(sys.argv[1]))
project.app.cli.main(["db", "upgrade"], obj=ScriptInfo(create_app=lambda: project.app))
"""


@pytest.fixture
def long(make_project: Callable[..., Project], make_database: Callable[[str], Database]) -> Project:
    """A project whose next revision builds an index that has to wait."""
    project = make_project(make_database("postgresql"))
    project.revision("aaa", upgrade=create("t"))
    project.flask("db", "upgrade")
    project.revision("bbb", "aaa", upgrade=INDEX)
    return project


def held_until(project: Project, seen: Callable[[], bool]) -> threading.Thread:
    """Keep a transaction open that the index build waits for, until something was seen."""
    engine = create_engine(project.database.url, poolclass=NullPool)
    connection = engine.connect()
    connection.exec_driver_sql("INSERT INTO t VALUES (1)")

    def let_go() -> None:
        deadline = time.monotonic() + 60
        while not seen() and time.monotonic() < deadline:
            time.sleep(0.1)
        connection.commit()
        connection.close()

    thread = threading.Thread(target=let_go)
    thread.start()
    return thread


def test_long_step_and_what_holds_it_up_are_named_in_lines(long: Project) -> None:
    reported = threading.Event()
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        if "waits for session" in line:
            reported.set()

    thread = held_until(long, reported.is_set)
    time.sleep(1.2)  # a transaction that has just begun is none to speak of
    with long.app.app_context():
        upgrade(replace(long.migrate.target(), tell=tell))
    thread.join()
    assert any("will wait for session" in line for line in told), told
    assert any("CREATE INDEX CONCURRENTLY ix ON t (id)` runs for" in line for line in told), told
    assert long.version() == ["bbb"]


def test_terminal_sees_progress_in_one_line(long: Project) -> None:
    output = bytearray()
    thread = held_until(long, lambda: b"\r\x1b[K" in output)
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, "-c", UPGRADE, str(long.folder), long.database.url])  # noqa: S606  # a child on a terminal
    try:
        while data := os.read(terminal, 4096):
            output += data
    except OSError:  # the other end is closed
        pass
    thread.join()
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0, output.decode()
    *wiped, _ = output.decode().split("\r\x1b[K")
    assert wiped
    assert all("runs for" in text.rsplit("\n", 1)[-1] for text in wiped), wiped
