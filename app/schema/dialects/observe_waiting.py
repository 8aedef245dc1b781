"""Which locks a PostgreSQL statement takes that runs outside a transaction, such as CREATE INDEX CONCURRENTLY.

Such a statement takes and gives back its locks as it goes. It is made to wait: a writer holds each table in turn, and
while the statement waits for it, its locks are read.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from sqlalchemy import Connection, Engine, text

from ..core.effect import Lock
from .observe import lock_named

_LOCKS = text(
    "SELECT CASE WHEN relkind IN ('r', 'p', 'm') THEN relname END AS relname, mode, granted"
    " FROM pg_locks LEFT JOIN pg_class c ON locktype = 'relation' AND c.oid = relation WHERE pid = :pid"
)
_PAUSE = 0.01
_SETTLED = 5
"""Looks at an unchanged, waiting statement after which the next writer ends."""


def observe_waiting(engine: Engine, statement: str, tables: Sequence[str]) -> dict[str, Lock]:
    """Run a statement outside a transaction and return the strongest lock that it held, or waited for, on each table.

    :param tables: tables that a writer holds at the beginning, in the order in which they are given back.
    :raise sqlalchemy.exc.DBAPIError: the statement failed.
    """
    problems: list[Exception] = []
    with ExitStack() as until:
        worker = until.enter_context(engine.connect().execution_options(isolation_level="AUTOCOMMIT"))
        witness = until.enter_context(engine.connect().execution_options(isolation_level="AUTOCOMMIT"))
        pid = worker.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        writers = [until.enter_context(_writer(engine, table)) for table in tables]
        thread = threading.Thread(target=_run, args=(worker, statement, problems))
        thread.start()
        try:
            seen = _watch(witness, pid, writers, thread)
        finally:
            for writer in writers:
                writer.rollback()
            thread.join()
    if problems:
        raise problems[0]
    return {table: seen[table] for table in tables if table in seen}


@contextmanager
def _writer(engine: Engine, table: str) -> Iterator[Connection]:
    with engine.connect() as connection:
        connection.exec_driver_sql(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE")
        yield connection


def _run(worker: Connection, statement: str, problems: list[Exception]) -> None:
    try:
        worker.exec_driver_sql(statement)
    except Exception as problem:  # noqa: BLE001 it is raised again in the thread that asked
        problems.append(problem)


def _watch(
    witness: Connection, pid: int, writers: Sequence[Connection], thread: threading.Thread
) -> dict[str, Lock]:
    """Read the locks until the statement has ended, and let one writer go whenever it waits for good."""
    strongest: dict[str, Lock] = {}
    holding, settled = list(writers), 0
    while thread.is_alive():
        rows = witness.execute(_LOCKS, {"pid": pid}).all()
        for row in rows:
            if row.relname and (lock := lock_named(row.mode)):
                strongest[row.relname] = max(strongest.get(row.relname, Lock.NONE), lock)
        settled = settled + 1 if any(not row.granted for row in rows) else 0
        if settled >= _SETTLED and holding:
            holding.pop(0).rollback()
            settled = 0
        time.sleep(_PAUSE)
    return strongest
