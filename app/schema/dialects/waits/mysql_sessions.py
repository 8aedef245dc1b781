"""MariaDB and MySQL: who is in the way of a session, and how far it is.

Who has a row lock, the storage engine tells. Who has a metadata lock is told by the performance schema (on in MySQL,
off in MariaDB unless it is switched on) or by MariaDB's plugin `metadata_lock_info`. Without both, those are named who
may have it: sessions that are in a transaction or run a statement.

MariaDB reads its transactions and row locks anew only if nobody, in any session, has asked for them in the last 0.1 s:
who asks more often is shown the same picture for ever (measured on 10.11). See `REST`.
Source: https://mariadb.com/kb/en/metadata-locking/, https://mariadb.com/kb/en/performance-schema-metadata_locks-table/,
https://mariadb.com/kb/en/metadata-lock-info-plugin/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from ...core.masking import masked
from ...core.waits import Blocker, Progress
from .base import rows_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

REST = 0.12
"""Seconds to let pass between two looks at transactions."""

METADATA = re.compile(r"Waiting for .*(?:metadata|backup) lock|Waiting for table flush", re.IGNORECASE)
"""What the process list says of a statement that waits for anything but a row."""

_OWN_LIMIT = re.compile(r"\bNOWAIT\b|\bWAIT\s+\?|\bSET\s+STATEMENT\b", re.IGNORECASE)

# The storage engine writes its times in the zone of the server, whatever that of the session is (measured on 10.11).
_AGE = """
    timestampdiff(MICROSECOND, t.trx_started, convert_tz(now(6), @@session.time_zone, 'SYSTEM')) / 1000000
"""
_SESSIONS = f"""
    SELECT p.id, p.user, p.db, p.command, p.state, p.time, p.info, {_AGE} AS age, database() AS here
      FROM information_schema.processlist p
      LEFT JOIN information_schema.innodb_trx t ON t.trx_mysql_thread_id = p.id
     WHERE p.id <> connection_id()
"""  # noqa: S608  (constants)
_SESSIONS_WITHOUT_PRIVILEGE = """
    SELECT p.id, p.user, p.db, p.command, p.state, p.time, p.info, NULL AS age, database() AS here
      FROM information_schema.processlist p WHERE p.id <> connection_id()
"""
_PROGRAMS = """
    SELECT processlist_id, attr_value FROM performance_schema.session_connect_attrs
     WHERE attr_name = 'program_name'
"""
_PROGRESS = """
    SELECT state, stage, max_stage, progress FROM information_schema.processlist
     WHERE id = {session} AND info IS NOT NULL
"""
_STATEMENT = "SELECT state, info, {number} AS number FROM information_schema.processlist WHERE id = {session}"

# Only the performance schema knows the last statement of a session that is idle.
_LAST_STATEMENTS = """
    SELECT t.processlist_id, e.sql_text FROM performance_schema.events_statements_current e
      JOIN performance_schema.threads t ON t.thread_id = e.thread_id
     WHERE t.processlist_id IS NOT NULL AND e.sql_text IS NOT NULL ORDER BY e.event_id
"""

# Sessions that have what a session waits for; each query fails where the server lacks its tables.
_ROW_LOCKS = (
    """
    SELECT b.trx_mysql_thread_id FROM information_schema.innodb_lock_waits w
      JOIN information_schema.innodb_trx r ON r.trx_id = w.requesting_trx_id
      JOIN information_schema.innodb_trx b ON b.trx_id = w.blocking_trx_id
     WHERE r.trx_mysql_thread_id = {session}
    """,
    """
    SELECT b.trx_mysql_thread_id FROM performance_schema.data_lock_waits w
      JOIN information_schema.innodb_trx r ON r.trx_id = w.requesting_engine_transaction_id
      JOIN information_schema.innodb_trx b ON b.trx_id = w.blocking_engine_transaction_id
     WHERE r.trx_mysql_thread_id = {session}
    """,
)
_METADATA_LOCKS = (
    """
    SELECT h.processlist_id FROM performance_schema.metadata_locks w
      JOIN performance_schema.threads r ON r.thread_id = w.owner_thread_id AND r.processlist_id = {session}
      JOIN performance_schema.metadata_locks g ON g.lock_status = 'GRANTED' AND g.object_type = w.object_type
       AND g.object_schema <=> w.object_schema AND g.object_name <=> w.object_name
      JOIN performance_schema.threads h ON h.thread_id = g.owner_thread_id
     WHERE w.lock_status = 'PENDING'
    """,
    # The plugin tells of no waiting lock: but whoever waits for a table's has a weaker one of the same table.
    """
    SELECT g.thread_id FROM information_schema.metadata_lock_info w
      JOIN information_schema.metadata_lock_info g
        ON g.lock_type = w.lock_type AND g.table_schema = w.table_schema AND g.table_name = w.table_name
     WHERE w.thread_id = {session} AND w.lock_type = 'Table metadata lock'
    """,
)


def blockers(other: Connection | None, session: int | None) -> tuple[Blocker, ...]:
    """Who a session waits for, or, where the server does not tell, who it may wait for; the oldest first."""
    sessions = {row.id: row for row in _sessions(other)}
    own = sessions.pop(session, None)
    if own is None:
        return ()
    waits = bool(METADATA.fullmatch(own.state or ""))
    known = _first(other, _METADATA_LOCKS if waits else _ROW_LOCKS, session) - {session}
    rows = [sessions[it] for it in known if it in sessions]
    if rows or not waits:
        return _named(other, rows)
    return _named(other, _candidates(list(sessions.values())), doubt="may hold the table") or (
        Blocker(state="holds the table without a transaction or belongs to a user who is not shown"),
    )


def long_transactions(
    other: Connection | None, session: int | None, older_than: float
) -> tuple[Blocker, ...]:
    """Transactions of this database that are older than some seconds."""
    rows = [row for row in _sessions(other) if row.id != session and row.db == row.here]
    return _named(other, [row for row in rows if row.age is not None and row.age >= older_than])


def progress(other: Connection | None, session: int | None) -> Progress | None:
    """What MariaDB's process list says of a change that copies, or sorts an index: stages, and percents of one."""
    rows = rows_of(other, _PROGRESS.format(session=int(session or 0)))
    if not rows or not rows[0].max_stage:
        return None
    row = rows[0]
    done = 100 * max(int(row.stage) - 1, 0) + int(row.progress)
    return Progress(row.state, done, 100 * int(row.max_stage))


def waiting(other: Connection | None, session: int | None, *, is_mariadb: bool) -> int | None:
    """Return the number by which the statement of a session is killed that waits for a metadata lock.

    :return: `None` if it does not wait, or says itself for how long it does. MariaDB numbers statements, so that none
        is hit that began a moment later; MySQL sessions.
    """
    number = "query_id" if is_mariadb else "id"
    rows = rows_of(other, _STATEMENT.format(number=number, session=int(session or 0)))
    if not rows or not METADATA.fullmatch(rows[0].state or ""):
        return None
    limited = _OWN_LIMIT.search(masked(rows[0].info or "", shorten=False, mysql=True))
    return None if limited else int(rows[0].number)


def kill(other: Connection, number: int, *, is_mariadb: bool) -> bool:
    """End a statement and not its session; whether it was still there."""
    try:
        other.exec_driver_sql(f"KILL QUERY ID {number}" if is_mariadb else f"KILL QUERY {number}")
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        return False
    return True


def _sessions(other: Connection | None) -> list[Any]:
    """All that this user may see; ages of transactions need the privilege `PROCESS`."""
    try:
        return rows_of(other, _SESSIONS)
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        return rows_of(other, _SESSIONS_WITHOUT_PRIVILEGE)


def _first(other: Connection | None, queries: tuple[str, ...], session: int | None) -> set[int]:
    """What the first of some queries says that has an answer."""
    for query in queries:
        try:
            found = {int(row[0]) for row in rows_of(other, query.format(session=int(session or 0))) if row[0]}
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            continue
        if found - {session}:
            return found
    return set()


def _candidates(sessions: list[Any]) -> list[Any]:
    """Those of this database, or of none, that are in a transaction or run a statement, and do not wait themselves."""
    return [
        row
        for row in sessions
        if row.db in (row.here, None)
        and (row.age is not None or (row.db and row.command in ("Query", "Execute")))
        and not METADATA.fullmatch(row.state or "")
    ]


def _named(other: Connection | None, rows: list[Any], doubt: str | None = None) -> tuple[Blocker, ...]:
    if not rows:
        return ()
    programs, statements = _by_session(other, _PROGRAMS), _by_session(other, _LAST_STATEMENTS)
    found = [_blocker(row, programs.get(row.id), row.info or statements.get(row.id), doubt) for row in rows]
    return tuple(sorted(found, key=lambda it: -1.0 if it.age is None else it.age, reverse=True))


def _by_session(other: Connection | None, query: str) -> dict[int, str]:
    """One thing about each session; nothing where the performance schema is off or closed to this user."""
    try:
        return {int(row[0]): str(row[1]) for row in rows_of(other, query)}
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        return {}


def _blocker(row: Any, program: str | None, statement: str | None, doubt: str | None) -> Blocker:
    idle = row.command == "Sleep"
    age = row.age if row.age is not None or idle else row.time
    state = ("idle in transaction" if row.age is not None else "idle") if idle else "active"
    return Blocker(
        int(row.id),
        row.user,
        program,
        None if age is None else max(float(age), 0.0),
        f"{state}, {doubt}" if doubt else state,
        masked(statement, mysql=True) if statement else None,
    )
