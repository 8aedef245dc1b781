"""What became of a statement whose runner died, and what a dead rebuild of a table has left behind."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..core.errors import Busy, SchemaError
from ..core.outcome import Outcome, Verdict
from ..core.recorded import RecordedOp
from ..core.statement import StatementKind, idempotent, kind
from ..core.wording import shortened
from ..dialects.locks.dedicated import close, dedicated
from ..dialects.probes import catalogue_of, probe
from ..dialects.probes.sessions import executing
from ..scripts.sql import translate
from .server import server_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sqlalchemy import Connection

    from ..core.server import Server
    from ..core.waits import Blocker
    from ..dialects.probes.catalogue import Catalogue

_SHORTEST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0
_SHOWN = 120
# Alembic's `ApplyBatchImpl._calc_temp_name`.
_COPY = "_alembic_tmp_"
_COPY_LENGTH = 50
# The translator leaves out the schema that it takes for the default one.
_IN_PUBLIC = re.compile(r"\A[^(]*?\bpublic\b\"?\s*\.", re.IGNORECASE)
_PUBLIC = "public"


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


def recovered(
    connection: Connection, sql: str, server: Server | None, seconds: float, tell: Callable[[str], None]
) -> Verdict:
    """Do the same, clear away what a broken statement left, and look again: what is finished then may be all of it.

    The answer is `DONE`, `NOT_DONE`, `REPEATABLE` or `UNKNOWN`. What is told and raised is as for `settled`, and
    `clean_up` says which locks the connection must not hold.
    """
    verdict = settled(connection, sql, server, seconds, tell)
    if verdict.outcome is not Outcome.BROKEN:
        return verdict
    commands = ", ".join(f"`{line}`" for line in verdict.cleanup)
    tell(f"`{_short(sql)}` had stopped half-way. {verdict.explanation} Running {commands}.")
    clean_up(connection, verdict)
    again = settled(connection, sql, server, seconds, tell)
    if again.outcome is Outcome.BROKEN:
        return Verdict(Outcome.UNKNOWN, f"{again.explanation} It is still so after {commands}.")
    return again


def clean_up(beside: Connection, verdict: Verdict) -> None:
    """Clear away what a broken statement left, on a connection of its own: it cannot be done in a transaction.

    It waits for its locks without a limit, as what it clears away did; a lock of the given connection's own
    transaction on that table would let it wait for ever.

    :param beside: a connection to the same database.
    """
    own = dedicated(beside)
    try:
        if own.dialect.name == "postgresql":
            own.exec_driver_sql("SET lock_timeout = 0")
            own.exec_driver_sql("SET statement_timeout = 0")
        for statement in verdict.cleanup:
            own.exec_driver_sql(_for_driver(statement, own))
    finally:
        close(own)


def _for_driver(sql: str, connection: Connection) -> str:
    return sql.replace("%", "%%") if _doubles_percent(connection) else sql


def _doubles_percent(connection: Connection) -> bool:
    return connection.dialect.paramstyle in ("format", "pyformat")


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
    return sql.replace("%%", "%") if _doubles_percent(connection) else sql


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


def clear_leftovers(connection: Connection, tables: Iterable[str]) -> tuple[str, ...]:
    """Clear away the copies that dead rebuilds (`batch_alter_table`) have left, or put them in the original's place.

    Not for a revision that goes on where the journal says: there a copy is work that is done. Ends the transaction
    that it begins.

    :param tables: the tables that will be rebuilt, with their schema where they have one.
    :return: what was done, in sentences.
    :raises SchemaError: if the original is gone and nothing shows that the copy is complete.
    """
    catalogue = catalogue_of(connection)
    if catalogue is None:
        return ()
    begins = not connection.in_transaction()
    try:
        told = tuple(line for table in tables if (line := _clear(connection, catalogue, table)))
        if begins:
            connection.commit()
        return told
    finally:
        if begins and connection.in_transaction():
            connection.rollback()


def _clear(connection: Connection, catalogue: Catalogue, table: str) -> str | None:
    schema, _, name = table.rpartition(".")
    home = catalogue.home(schema or None)
    copy = f"{_COPY}{name}"[:_COPY_LENGTH]
    if catalogue.place(home, copy, "table") is None:
        return None
    source = catalogue.quoted(home, copy)
    if catalogue.place(home, name, "table") is not None:
        if _has_rows(connection, catalogue, home, copy) and not _has_rows(connection, catalogue, home, name):
            raise _fuller(name, copy)
        connection.exec_driver_sql(_for_driver(f"DROP TABLE {source}", connection))
        return f"Dropped '{copy}', which an interrupted rebuild left beside '{name}'."
    if not _is_complete(connection, catalogue, home, copy):
        raise _incomplete(name, copy)
    # MySQL takes a name without its database for one in the current database.
    target = catalogue.quoted(home if catalogue.dialect_name == "mysql" else None, name)
    connection.exec_driver_sql(_for_driver(f"ALTER TABLE {source} RENAME TO {target}", connection))
    return (
        f"Renamed '{copy}' to '{name}': the rebuild was interrupted after it had copied all rows in one statement "
        "and dropped the original. Indexes went with the original: `flask db check` shows which are missing."
    )


def _is_complete(connection: Connection, catalogue: Catalogue, schema: str | None, copy: str) -> bool:
    """True if a copy has rows: one `INSERT … SELECT` wrote all of them or none, and the original was dropped after it.

    A copy without rows may be that of an empty table, or one into which nothing was copied yet.
    """
    return catalogue.keeps_transactions(schema, copy) and _has_rows(connection, catalogue, schema, copy)


def _has_rows(connection: Connection, catalogue: Catalogue, schema: str | None, table: str) -> bool:
    some = f"SELECT 1 FROM {catalogue.quoted(schema, table)} LIMIT 1"  # noqa: S608  # a quoted name
    return connection.exec_driver_sql(_for_driver(some, connection)).first() is not None


def _fuller(name: str, copy: str) -> SchemaError:
    return SchemaError(
        f"The table '{name}' is empty, and '{copy}', which an interrupted rebuild left, has rows: "
        f"'{name}' was made anew after the rebuild had dropped it.",
        expected="The rows should be in the table before it is rebuilt once more.",
        hint=f"Drop '{name}' and rename '{copy}' to '{name}', or drop '{copy}' if its rows are not wanted. Then type "
        "the command again.",
    )


def _incomplete(name: str, copy: str) -> SchemaError:
    return SchemaError(
        f"The table '{name}' is gone, and '{copy}', which an interrupted rebuild left, may not hold all its rows.",
        expected="Either the table or a copy with rows should be there.",
        hint=f"Restore '{name}' from a backup; or, if it had no rows, rename '{copy}' to '{name}' by hand. Then type "
        "the command again.",
    )
