"""PostgreSQL: `lock_timeout` in milliseconds for as long as a strong lock is taken, and who is in the way.

Settings are made for the session, and hold strong locks to their limit from the beginning on: whatever a rollback
takes back, it takes back to that.
Source: https://www.postgresql.org/docs/current/runtime-config-client.html, https://www.postgresql.org/docs/current/sql-set.html
"""

from __future__ import annotations

import math
import re
import time
from typing import TYPE_CHECKING, Any

from ...core.errors import SchemaError
from ...core.masking import masked
from ...core.waits import Miss, Trouble
from . import postgresql_sessions
from .base import driver_of, is_lost, original, run, settle
from .limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlalchemy import Connection

    from ...core.waits import Blocker, Progress
    from .limits import Settings

LOCK, STATEMENT = "lock_timeout", "statement_timeout"
_NEVER_KILLED = ("idle_in_transaction_session_timeout", "idle_session_timeout", "transaction_timeout")
"""Limits that roles and proxies set for the application; the last two are of version 14 and 17."""

_WISHES = {
    # How soon a server, from version 14 on, notices in the middle of a statement that its client is gone: in ms.
    "client_connection_check_interval": "1000",
    # In seconds; no effect through a Unix socket.
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
}
_DEADLOCK = "deadlock_timeout"

_LOST = re.compile(r"08...|57P0[1-5]|25P0[34]")
"""Connection exceptions, shutdowns, and timeouts that end the session.

Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

_KINDS = {"55P03": Miss.LOCK, "40P01": Miss.DEADLOCK, "40001": Miss.DEADLOCK}
_CANCELED = "57014"

_SET = re.compile(
    r"(?:^|;)\s*SET\s+(?:SESSION\s+|LOCAL\s+)?(?P<name>lock_timeout|statement_timeout)\s*(?:=|\bTO\b)\s*(?P<value>\w*)",
    re.IGNORECASE,
)
_SET_BY_FUNCTION = re.compile(
    r"\bset_config\s*\(\s*E?'(?P<name>lock_timeout|statement_timeout)'", re.IGNORECASE
)
_RESET = re.compile(r"(?:^|;)\s*(?:RESET\s+(?P<name>\w+)|DISCARD\s+ALL)\b", re.IGNORECASE)


class PostgreSQLWaits(Limits):
    """The limits of one session."""

    def __init__(
        self,
        connection: Connection,
        lock_timeout: float,
        statement_timeout: float | None,
        tell: Callable[[str], None],
    ) -> None:
        super().__init__(connection, lock_timeout, statement_timeout, tell)
        limit = _milliseconds(lock_timeout)
        self.achieved = self.aimed = limit / 1000
        self._strict = {LOCK: str(limit)}
        self._patient = {LOCK: "0"}
        # A wait that is longer makes an autovacuum give way, and ends a deadlock in this session and not in another.
        self._wishes = {**_WISHES, _DEADLOCK: str(max(1, limit // 2))}
        self._session: int | None = None

    def begin(self) -> None:
        """Set the limits, lift those that would end the session, and read them back in another transaction."""
        found = self._read((LOCK, STATEMENT, *_NEVER_KILLED, *self._wishes))
        self._came_with = {name: setting for name, (setting, _) in found.items()}
        self._patient[STATEMENT] = _of_a_revision(*found[STATEMENT])
        limit = self._statement_timeout
        self._strict[STATEMENT] = self._patient[STATEMENT] if limit is None else str(_milliseconds(limit))
        wanted = {**self._strict, **{name: "0" for name in _NEVER_KILLED if name in found}}
        session = self._session
        self.send(driver_of(self._connection), wanted)
        settle(self._connection)
        kept = {name: setting for name, (setting, _) in self._read(wanted).items()}
        if kept != wanted or session != self._session:
            self.end()
            raise _refusal(self._connection, kept, wanted)
        self._now = dict(self._strict)
        self._wish()

    def send(self, driver: Any, settings: Settings) -> None:
        """Send a `SET` for each: unlike a query, it begins no snapshot."""
        for name, value in settings.items():
            run(driver, f"SET {name} = {value}")

    def rolled_back(self) -> None:
        """Take nothing for set."""
        self._now.clear()

    def theirs(self, statement: str) -> bool:
        """Find `SET`, `SET LOCAL`, `set_config` and `RESET` of the two limits.

        Only a limit of lock waits makes it true. A statement timeout is theirs too, and left alone until
        `revision_ended`, while waits for locks stay limited.
        """
        text = masked(statement, shorten=False)
        for match in _RESET.finditer(text):
            name = (match["name"] or "all").lower()
            self.forget({LOCK, STATEMENT} if name == "all" else {name})
        found = {it["name"].lower(): "" for it in _SET_BY_FUNCTION.finditer(statement)}
        found.update({it["name"].lower(): it["value"] for it in _SET.finditer(text)})
        self.take(found)
        return LOCK in found and LOCK in self._owned

    def session(self) -> int | None:
        """The number of its process."""
        if self._session is None:
            self._session = int(run(driver_of(self._connection), "SELECT pg_backend_pid()")[0][0])
            settle(self._connection)
        return self._session

    def failure(self, error: BaseException) -> Miss | Trouble | None:
        """Read the SQLSTATE."""
        inside = original(error)
        state = _sqlstate(inside)
        if state in _KINDS:
            return _KINDS[state]
        if state == _CANCELED:
            return Trouble.STATEMENT_TIMEOUT if self._timed_out(str(inside)) else None
        return Trouble.LOST if _LOST.fullmatch(state) or is_lost(self._connection, error) else None

    def blockers(self, other: Connection | None) -> tuple[Blocker, ...]:
        """Ask the server, which knows."""
        return postgresql_sessions.blockers(other, self._session)

    def long_transactions(self, other: Connection | None, older_than: float) -> tuple[Blocker, ...]:
        """Those with a snapshot or a lock on a table, of this database."""
        return postgresql_sessions.long_transactions(other, self._session, older_than)

    def progress(self, other: Connection | None) -> Progress | None:
        """Builds of indexes, and tables that are written anew by `CLUSTER` or `VACUUM FULL`."""
        version = self._connection.dialect.server_version_info or ()
        return postgresql_sessions.progress(other, self._session) if version >= (12,) else None

    def _timed_out(self, message: str) -> bool:
        """Whether a statement was canceled by a limit and not by an administrator: the state is the same.

        A server that speaks another language is told by the time that has passed.
        """
        if "canceling statement due to" in message:
            return "statement timeout" in message
        limit = int(self._now.get(STATEMENT, "0"))
        return 0 < limit <= (time.monotonic() - self._asked) * 1000

    def _read(self, names: Iterable[str]) -> dict[str, tuple[str, str]]:
        """What this version knows of the settings, each with where it comes from, and the session's number."""
        listed = ", ".join(f"'{name}'" for name in names)
        query = f"SELECT name, setting, source, pg_backend_pid() FROM pg_settings WHERE name IN ({listed})"  # noqa: S608  (constants)
        rows = run(driver_of(self._connection), query)
        settle(self._connection)
        self._session = int(rows[0][3])
        return {name: (setting, source) for name, setting, source, _ in rows}

    def _wish(self) -> None:
        """Set what helps but need not be there, each for itself.

        A system such as Windows cannot do all of it, and only some may set `deadlock_timeout`.
        """
        if self._connection.in_transaction():
            return
        for name in self._wishes.keys() & self._came_with.keys():
            driver = driver_of(self._connection)
            try:
                self.send(driver, {name: self._wishes[name]})
                driver.commit()
            except Exception as error:
                if is_lost(self._connection, error):
                    raise
                driver.rollback()
                del self._came_with[name]


def _sqlstate(error: BaseException) -> str:
    """The five letters: attributes of psycopg, asyncpg and psycopg2, a field of what pg8000 was sent."""
    fields = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    candidates = (getattr(error, "sqlstate", None), getattr(error, "pgcode", None), fields.get("C"))
    return next((it for it in candidates if isinstance(it, str)), "")


def _milliseconds(seconds: float) -> int:
    """At least one, because 0 is no limit."""
    return max(1, math.ceil(round(seconds * 1000, 3)))


def _of_a_revision(setting: str, source: str) -> str:
    """Which statement timeout holds where nobody is kept waiting: what a `SET` before has chosen for this session.

    One that comes with the role, the database or the URL is meant for the application, and would end a long build.
    """
    return setting if source == "session" else "0"


def _refusal(connection: Connection, kept: Mapping[str, str], wanted: Mapping[str, str]) -> SchemaError:
    name = next((it for it in wanted if kept.get(it) != wanted[it]), LOCK)
    url = connection.engine.url
    return SchemaError(
        f"The session at {url.host or 'the server'}:{url.port or 5432} does not keep its settings: `{name}` was set to "
        f"{wanted[name]} ms and is {kept.get(name, 'unknown')} ms in the next transaction. Nothing was run.",
        expected="Without its limit, a statement could wait for a lock for ever and keep everybody waiting behind it.",
        hint="Set SCHEMA_DIRECT_URL to the URL of the database server itself, without a pooler or proxy between.",
    )
