"""What statements do to the tables of a PostgreSQL database while they run, observed instead of predicted.

The statements run for real, so the database is a scratch copy. They run in one transaction that is rolled back unless
it is asked to be kept; a second connection reads the locks and tries to read and write the tables meanwhile.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError

from ..core.effect import Blocks, Lock

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.engine import URL, Connection

_MODES = {f"{''.join(part.title() for part in lock.name.split('_'))}Lock": lock for lock in Lock if lock}
_WRITES = {
    "r": "DELETE FROM ONLY {} WHERE false",
    "p": "DELETE FROM ONLY {} WHERE false",
    "S": "SELECT nextval('{}')",
}
_PATIENCE = "SET lock_timeout = '30ms'"
_TABLES = text(
    "SELECT c.oid, CASE WHEN pg_table_is_visible(c.oid) THEN quote_ident(relname)"
    " ELSE quote_ident(nspname) || '.' || quote_ident(relname) END AS name, relkind"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
    " WHERE relkind IN ('r', 'p', 'm', 'v', 'S') AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"
)
_LOCKS = text("SELECT relation, mode FROM pg_locks WHERE locktype = 'relation' AND pid = :pid")
_FILES = text(
    "SELECT c.oid, pg_relation_filenode(c.oid) AS file, pg_stat_get_xact_tuples_returned(c.oid) AS read,"
    " ARRAY(SELECT pg_relation_filenode(indexrelid) FROM pg_index WHERE indrelid = c.oid ORDER BY 1) AS indexes"
    " FROM pg_class c WHERE c.oid = ANY(:oids)"
)
_SIZE = text("SELECT pg_relation_size(CAST(:oid AS oid))")


@dataclass(frozen=True)
class ObservedEffect:
    """What was seen of one table.

    :param lock: the strongest lock on the table itself.
    :param blocks: whom it kept waiting, tried from another connection; schema changes are derived from the lock.
    :param rewrites: the table lies in another file, and the file is not empty.
    :param scans: all rows were read, though neither for a rewrite nor for an index.
    :param builds_index: an index lies in another file, or there is one more.
    """

    table: str
    lock: Lock
    blocks: Blocks = Blocks.NOBODY
    rewrites: bool = False
    scans: bool = False
    builds_index: bool = False


@dataclass(frozen=True)
class _Watched:
    oid: int
    name: str
    kind: str


@dataclass(frozen=True)
class _Files:
    file: int | None
    read: int
    indexes: frozenset[int]


def observe(
    database: Engine | URL | str,
    statements: Sequence[str],
    watched_tables: Iterable[str] = (),
    *,
    keep: bool = False,
) -> list[ObservedEffect]:
    """Run statements in one transaction and return what they did to each table that they touched.

    :param database: a PostgreSQL scratch database; nobody else should use it meanwhile.
    :param watched_tables: names as `Effect.table` has them; all tables and views that exist before if not given.
    :param keep: commit instead of rolling back, so that the next statements find what these built.
    :raise sqlalchemy.exc.DBAPIError: a statement failed.
    """
    with ExitStack() as until:
        engine = _engine(database, until)
        worker, witness = (until.enter_context(engine.connect()) for _ in range(2))
        watched = _watched(worker, watched_tables)
        notices = _listen(worker)
        pid = worker.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        worker.exec_driver_sql("SET LOCAL client_min_messages = debug1")
        before = _files(worker, watched)
        for statement in statements:
            worker.exec_driver_sql(statement)
        locks = _locks(witness, pid)
        blocked = {table.oid: _blocked(witness, table, locks) for table in watched}
        effects = _compare(worker, watched, before, locks, blocked, notices)
        if keep:
            worker.commit()
        return effects


def lock_named(mode: str) -> Lock | None:
    """Return the table lock that `pg_locks.mode` names, None for a mode that only other things than tables have."""
    return _MODES.get(mode)


def _engine(database: Engine | URL | str, until: ExitStack) -> Engine:
    if isinstance(database, Engine):
        return database
    engine = create_engine(database, poolclass=NullPool)
    until.callback(engine.dispose)
    return engine


def _watched(connection: Connection, names: Iterable[str]) -> list[_Watched]:
    wanted = set(names)
    found = [_Watched(*row) for row in connection.execute(_TABLES)]
    return [table for table in found if not wanted or table.name in wanted]


def _listen(connection: Connection) -> list[str]:
    """Collect the messages that the server sends to a connection."""
    notices: list[str] = []
    driver: Any = connection.connection.driver_connection
    driver.add_notice_handler(lambda notice: notices.append(notice.message_primary or ""))
    return notices


def _files(connection: Connection, watched: Sequence[_Watched]) -> dict[int, _Files]:
    rows = connection.execute(_FILES, {"oids": [table.oid for table in watched]})
    return {row.oid: _Files(row.file, row.read or 0, frozenset(row.indexes)) for row in rows}


def _locks(connection: Connection, pid: int) -> dict[int, Lock]:
    """Return the strongest lock by relation, indexes included."""
    strongest: dict[int, Lock] = {}
    for relation, mode in connection.execute(_LOCKS, {"pid": pid}):
        strongest[relation] = max(strongest.get(relation, Lock.NONE), _MODES[mode])
    connection.rollback()
    return strongest


def _blocked(witness: Connection, table: _Watched, locks: dict[int, Lock]) -> Blocks:
    # ONLY, because the partitions have locks and effects of their own. The server has quoted the name.
    if _waits(witness, f"SELECT FROM ONLY {table.name} LIMIT 0"):
        return Blocks.READS_AND_WRITES
    if table.kind in _WRITES and _waits(witness, _WRITES[table.kind].format(table.name)):
        return Blocks.WRITES
    lock = locks.get(table.oid, Lock.NONE)
    return Blocks.SCHEMA_CHANGES if lock >= Lock.SHARE_UPDATE_EXCLUSIVE else Blocks.NOBODY


def _waits(witness: Connection, statement: str) -> bool:
    """True if a statement of somebody else would have to wait."""
    witness.exec_driver_sql(_PATIENCE)
    try:
        witness.exec_driver_sql(statement)
    except DBAPIError as problem:
        if getattr(problem.orig, "sqlstate", None) != "55P03":  # lock_not_available
            raise
        return True
    finally:
        witness.rollback()
    return False


def _compare(
    worker: Connection,
    watched: Sequence[_Watched],
    before: dict[int, _Files],
    locks: dict[int, Lock],
    blocked: dict[int, Blocks],
    notices: Sequence[str],
) -> list[ObservedEffect]:
    after = _files(worker, watched)
    effects = []
    for table in watched:
        old, new = before[table.oid], after.get(table.oid)
        if locks.get(table.oid, Lock.NONE) is Lock.NONE:
            continue
        moved = new is not None and old.file != new.file and table.kind != "S"
        rewrites = moved and _filled(worker, table.oid)
        builds = (
            new is not None and not new.indexes <= old.indexes and (rewrites or _filled(worker, table.oid))
        )
        read = new is not None and new.read > old.read and not (rewrites or builds)
        verified = f'verifying table "{table.name}"' in notices
        effects.append(
            ObservedEffect(
                table.name,
                locks[table.oid],
                blocked[table.oid],
                rewrites=rewrites,
                scans=read or verified,
                builds_index=builds,
            )
        )
    return effects


def _filled(worker: Connection, oid: int) -> bool:
    return bool(worker.execute(_SIZE, {"oid": oid}).scalar())
