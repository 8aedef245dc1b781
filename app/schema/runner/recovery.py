"""What became of a statement whose runner died, and what a dead rebuild of a table has left behind."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..core.errors import Busy
from ..core.outcome import Outcome, Verdict
from ..core.recorded import RecordedOp
from ..core.server import Server
from ..core.statement import StatementKind, idempotent, kind
from ..core.waits import Blocker
from ..core.wording import shortened
from ..dialects.probes import catalogue_of, probe
from ..dialects.probes.sessions import executing
from ..scripts.sql import translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

_SHORTEST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0
_SHOWN = 120
# The translator leaves out the schema that it takes for the default one.
_IN_PUBLIC = re.compile(r"\A[^(]*?\bpublic\b\"?\s*\.", re.IGNORECASE)
_PUBLIC = "public"


def server_of(connection: Connection) -> Server:
    """Return the server behind a connection."""
    dialect = connection.dialect
    engine = "mariadb" if getattr(dialect, "is_mariadb", False) else dialect.name
    version = tuple(part for part in dialect.server_version_info or () if isinstance(part, int))
    return Server(engine, version[:2]) if version else Server.parse(engine)


def what_became_of(connection: Connection, sql: str, server: Server | None = None) -> Verdict:
    """Look whether a statement took effect that was sent, or was about to be, when the runner died.

    Waits for nothing and changes nothing. A transaction that it begins it also ends.

    :param sql: the statement as the driver was given it: with `%%` for `%` where the driver wants that.
    :param server: the server, asked of the connection if not given.
    """
    with _reading(connection):
        return _verdict(connection, _as_sent(sql, connection), server or server_of(connection))


def settled(
    connection: Connection, sql: str, server: Server | None, seconds: float, tell: Callable[[str], None]
) -> Verdict:
    """Do the same, and wait while a session of the dead runner still executes the statement.

    :param seconds: for how long.
    :param tell: is given one line when the wait begins.
    :raises Busy: if it still does after that.
    """
    deadline, pause, told = time.monotonic() + seconds, _SHORTEST_PAUSE, False
    while True:
        verdict = what_became_of(connection, sql, server)
        if verdict.outcome is not Outcome.RUNNING:
            return verdict
        if not told:
            tell(
                f"`{_short(sql)}` was sent by a runner that has ended, and still runs. {verdict.explanation}"
            )
            told = True
        left = deadline - time.monotonic()
        if left <= 0:
            raise _still_runs(sql, verdict)
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def _still_runs(sql: str, verdict: Verdict) -> Busy:
    return Busy(
        f"`{_short(sql)}` was sent by a runner that has ended, and still runs. {verdict.explanation}",
        expected="What was begun must have ended before the revision goes on.",
        hint="Wait until it has ended, or end the session, and type the command again.",
    )


def _short(sql: str) -> str:
    return shortened(sql, _SHOWN)


@contextmanager
def _reading(connection: Connection) -> Iterator[None]:
    """End the transaction that reading begins: an old snapshot would hold up a concurrent index build."""
    begins = not connection.in_transaction()
    yield
    if begins and connection.in_transaction():
        connection.rollback()


def _as_sent(sql: str, connection: Connection) -> str:
    """Return the statement as the server got it: a driver with `%s` for parameters turns `%%` into `%`."""
    return sql.replace("%%", "%") if connection.dialect.paramstyle in ("format", "pyformat") else sql


def _verdict(connection: Connection, sql: str, server: Server) -> Verdict:
    session = executing(connection, sql)
    if session is not None:
        return Verdict(Outcome.RUNNING, _runs(session))
    what = kind(sql, server.dialect_name)
    if what in (StatementKind.READ, StatementKind.SESSION):
        return Verdict(Outcome.REPEATABLE, "It leaves nothing behind.")
    if what is StatementKind.DATA:
        return Verdict(Outcome.UNKNOWN, "Rows do not tell whether a statement has changed them.")
    found = probe(connection, _steps(connection, sql, server), server, sql)
    if found.outcome is Outcome.UNKNOWN and idempotent(sql, server.dialect_name):
        return Verdict(Outcome.REPEATABLE, found.explanation)
    return found


def _runs(session: Blocker) -> str:
    return f"It is executed by {session}."


def _steps(connection: Connection, sql: str, server: Server) -> tuple[RecordedOp, ...]:
    steps = tuple(
        RecordedOp(made.op, statement=made.statement, source="sql", sql=made.sql, clauses=made.clauses)
        for made in translate(sql, server)
    )
    if server.engine == "postgresql" and _IN_PUBLIC.match(sql) and _elsewhere(connection):
        for step in steps:
            if hasattr(step.op, "schema") and step.op.schema is None:
                step.op.schema = _PUBLIC
    return steps


def _elsewhere(connection: Connection) -> bool:
    catalogue = catalogue_of(connection)
    return catalogue is not None and catalogue.home(None) != _PUBLIC
