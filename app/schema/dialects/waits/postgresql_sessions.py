"""PostgreSQL: who is in the way of a session, and how far it is.

What a user may not see of others' sessions is null in `pg_stat_activity`, and its query says so in words.
Source: https://www.postgresql.org/docs/current/monitoring-stats.html, https://www.postgresql.org/docs/current/functions-info.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...core.masking import masked
from ...core.waits import Blocker, Progress
from .base import rows_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SEEN = """
    a.usename AS "user", nullif(a.application_name, '') AS application,
    extract(epoch FROM clock_timestamp() - a.xact_start) AS age, a.state, a.backend_type, a.wait_event_type,
    nullif(a.query, '<insufficient privilege>') AS query, current_setting('deadlock_timeout') AS patience
"""

_BLOCKERS = """
    SELECT DISTINCT b.pid, {seen}
      FROM unnest(pg_blocking_pids({session})) AS b (pid) LEFT JOIN pg_stat_activity a USING (pid)
     ORDER BY age DESC NULLS LAST
"""

# A prepared transaction has no process. It is known by the lock on its own number, which nothing else has.
_PREPARED_BLOCKERS = """
    SELECT DISTINCT p.owner, p.gid, extract(epoch FROM clock_timestamp() - p.prepared) AS age
      FROM pg_locks w
      JOIN pg_locks h ON h.granted AND h.pid IS NULL
       AND ROW(h.locktype, h.database, h.relation, h.page, h.tuple, h.transactionid, h.classid, h.objid, h.objsubid)
           IS NOT DISTINCT FROM
           ROW(w.locktype, w.database, w.relation, w.page, w.tuple, w.transactionid, w.classid, w.objid, w.objsubid)
      JOIN pg_locks x ON x.pid IS NULL AND x.virtualtransaction = h.virtualtransaction
       AND x.locktype = 'transactionid'
      JOIN pg_prepared_xacts p ON p.transaction = x.transactionid
     WHERE w.pid = {session} AND NOT w.granted
     ORDER BY age DESC
"""

# A concurrent build waits for every snapshot, and for locks on its table; which table that is, is not known here.
_LONG = """
    SELECT a.pid, {seen}
      FROM pg_stat_activity a
     WHERE a.datname = current_database() AND a.backend_type = 'client backend'
       AND a.pid NOT IN ({session}, pg_backend_pid())
       AND a.xact_start < clock_timestamp() - {older_than} * interval '1 second'
       AND (a.backend_xmin IS NOT NULL OR EXISTS (
            SELECT FROM pg_locks l
             WHERE l.pid = a.pid AND l.locktype = 'relation' AND l.relation >= {first_user_oid}))
     ORDER BY age DESC
"""

_LONG_PREPARED = """
    SELECT owner, gid, extract(epoch FROM clock_timestamp() - prepared) AS age
      FROM pg_prepared_xacts
     WHERE database = current_database() AND prepared < clock_timestamp() - {older_than} * interval '1 second'
     ORDER BY age DESC
"""

_FIRST_USER_OID = 16384
"""`FirstNormalObjectId` of the server: what has a smaller number belongs to the system."""

_PROGRESS = """
    SELECT phase,
           CASE WHEN starts_with(phase, 'waiting') THEN lockers_done
                WHEN right(phase, 22) = 'loading tuples in tree' THEN tuples_done ELSE blocks_done END AS done,
           CASE WHEN starts_with(phase, 'waiting') THEN lockers_total
                WHEN right(phase, 22) = 'loading tuples in tree' THEN tuples_total ELSE blocks_total END AS total
      FROM pg_stat_progress_create_index WHERE pid = {session}
     UNION ALL
    SELECT phase, heap_blks_scanned, heap_blks_total FROM pg_stat_progress_cluster WHERE pid = {session}
"""


def blockers(other: Connection | None, session: int | None) -> tuple[Blocker, ...]:
    """Who a session waits for, or stands behind in the queue; the oldest first."""
    rows = rows_of(other, _BLOCKERS.format(seen=_SEEN, session=int(session or 0)))
    found = [_blocker(row) for row in rows if row.pid]
    if any(row.pid == 0 for row in rows):
        found += _prepared(other, _PREPARED_BLOCKERS.format(session=int(session or 0)))
    return _oldest_first(found)


def long_transactions(
    other: Connection | None, session: int | None, older_than: float
) -> tuple[Blocker, ...]:
    """Transactions of this database that are older than some seconds."""
    limits = {"session": int(session or 0), "older_than": float(older_than)}
    rows = rows_of(other, _LONG.format(seen=_SEEN, first_user_oid=_FIRST_USER_OID, **limits))
    prepared = _prepared(other, _LONG_PREPARED.format(**limits))
    return _oldest_first([*map(_blocker, rows), *prepared])


def progress(other: Connection | None, session: int | None) -> Progress | None:
    """What the server reports of a session's statement."""
    rows = rows_of(other, _PROGRESS.format(session=int(session or 0)))
    if not rows:
        return None
    phase, done, total = rows[0]
    return Progress(phase, int(done), int(total)) if total else Progress(phase)


def _oldest_first(found: list[Blocker]) -> tuple[Blocker, ...]:
    return tuple(sorted(found, key=lambda it: -1.0 if it.age is None else it.age, reverse=True))


def _blocker(row: Any) -> Blocker:
    age = None if row.age is None else max(float(row.age), 0.0)
    query = masked(row.query) if row.query else None
    return Blocker(row.pid, row.user, row.application, age, _state(row), query)


def _state(row: Any) -> str | None:
    """What it does, in the server's words but for those that ask for another answer than to wait."""
    if row.backend_type == "autovacuum worker":
        if "to prevent wraparound" in (row.query or ""):
            return "autovacuum to prevent wraparound, which gives way to nobody"
        return f"autovacuum, which gives way to whoever waits for {row.patience}"
    if row.wait_event_type == "Lock":
        return "waits for a lock itself"
    state: str | None = row.state
    return state


def _prepared(other: Connection | None, sql: str) -> list[Blocker]:
    return [
        Blocker(
            user=owner,
            age=max(float(age), 0.0),
            state=f"prepared as '{gid}' and not committed",
            noun="transaction",
        )
        for owner, gid, age in rows_of(other, sql)
    ]
