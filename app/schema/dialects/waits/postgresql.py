"""PostgreSQL: `lock_timeout` in milliseconds for as long as a strong lock is taken, and who is in the way.

Settings are made for the session, and hold strong locks to their limit from the beginning on: whatever a rollback
takes back, it takes back to that.
Source: https://www.postgresql.org/docs/current/runtime-config-client.html, https://www.postgresql.org/docs/current/sql-set.html
"""

from __future__ import annotations

import math
import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ...core.errors import SchemaError
from ...core.masking import masked
from ...core.waits import Miss, Trouble
from .base import Unlimited, driver_of, is_lost, original, run, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlalchemy import Connection

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


class PostgreSQLWaits(Unlimited):
    """The limits of one session."""

    def __init__(
        self,
        connection: Connection,
        lock_timeout: float,
        statement_timeout: float | None,
        tell: Callable[[str], None],
    ) -> None:
        super().__init__(connection, lock_timeout, statement_timeout, tell)
        self._lock = _milliseconds(lock_timeout)
        self.achieved = self.aimed = self._lock / 1000
        self._came_with: dict[str, str] = {}
        self._now: dict[str, str] = {}
        self._patient: dict[str, str] = {LOCK: "0"}
        self._strict: dict[str, str] = {LOCK: str(self._lock)}
        self._owned: set[str] = set()
        self._session: int | None = None
        self._asked = time.monotonic()

    def begin(self) -> None:
        """Set the limits, lift those that would end the session, and read them back in another transaction."""
        found = self._read((LOCK, STATEMENT, *_NEVER_KILLED, *_WISHES))
        self._came_with = {name: setting for name, (setting, _) in found.items()}
        self._patient[STATEMENT] = _of_a_revision(*found[STATEMENT])
        limit = self._statement_timeout
        self._strict[STATEMENT] = self._patient[STATEMENT] if limit is None else str(_milliseconds(limit))
        wanted = {**self._strict, **{name: "0" for name in _NEVER_KILLED if name in found}}
        session = self._session
        _set(driver_of(self._connection), wanted)
        settle(self._connection)
        kept = {name: setting for name, (setting, _) in self._read(wanted).items()}
        if kept != wanted or session != self._session:
            self.end()
            raise _refusal(self._connection, kept, wanted)
        self._now = dict(self._strict)
        self._wish()

    def limit(self, cursor: Any, *, locks: bool) -> None:
        """Send a `SET` for each limit that is another one now."""
        wanted = self._strict if locks else self._patient
        self._asked = time.monotonic()
        for name, value in wanted.items():
            if name not in self._owned and self._now.get(name) != value:
                run(driver_of(self._connection, cursor), f"SET {name} = {value}")
                self._now[name] = value

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
            self._forget(match["name"])
        sets = [(it["name"], it["value"]) for it in _SET.finditer(text)]
        sets += [(it["name"], "") for it in _SET_BY_FUNCTION.finditer(statement)]
        for name, value in sets:
            if value.upper() == "DEFAULT":
                self._forget(name)
            else:
                self._owned.add(name.lower())
        return any(name.lower() == LOCK for name, _ in sets) and LOCK in self._owned

    def revision_ended(self) -> None:
        """Take back what was theirs."""
        if self._owned:
            self._owned.clear()
            self._now.clear()

    def end(self) -> None:
        """Set everything back; throw the connection away where that fails, so that no pool keeps the limits."""
        if not self._came_with or self._connection.closed or self._connection.invalidated:
            return
        try:
            _set(driver_of(self._connection), self._came_with)
            settle(self._connection)
        except Exception:  # noqa: BLE001  # whatever the driver calls a connection that is gone
            with suppress(Exception):
                self._connection.invalidate()
        self._came_with = {}

    def session(self) -> int | None:
        """The number of its process."""
        if self._session is None:
            self._session = int(run(driver_of(self._connection), "SELECT pg_backend_pid()")[0][0])
            settle(self._connection)
        return self._session

    def failure(self, error: BaseException) -> Miss | Trouble | None:
        """Read the SQLSTATE."""
        inside: Any = original(error)
        state = getattr(inside, "sqlstate", None) or getattr(inside, "pgcode", None) or ""
        if state in _KINDS:
            return _KINDS[state]
        if state == _CANCELED:
            return Trouble.STATEMENT_TIMEOUT if self._timed_out(str(inside)) else None
        if _LOST.fullmatch(state) or is_lost(self._connection, error):
            return Trouble.LOST
        return None

    def _timed_out(self, message: str) -> bool:
        """Whether a statement was canceled by a limit and not by an administrator: the state is the same.

        A server that speaks another language is told by the time that has passed.
        """
        if "canceling statement due to" in message:
            return "statement timeout" in message
        limit = int(self._now.get(STATEMENT, "0"))
        return 0 < limit <= (time.monotonic() - self._asked) * 1000

    def _forget(self, name: str | None) -> None:
        """Note that a limit is no longer theirs, nor what was set here; all limits if none is named."""
        names = {LOCK, STATEMENT} if name is None or name.lower() == "all" else {name.lower()}
        self._owned -= names
        for it in names:
            self._now.pop(it, None)

    def _read(self, names: Iterable[str]) -> dict[str, tuple[str, str]]:
        """What this version knows of the settings, each with where it comes from, and the session's number."""
        listed = ", ".join(f"'{name}'" for name in names)
        query = f"SELECT name, setting, source, pg_backend_pid() FROM pg_settings WHERE name IN ({listed})"  # noqa: S608  (constants)
        rows = run(driver_of(self._connection), query)
        settle(self._connection)
        self._session = int(rows[0][3])
        return {name: (setting, source) for name, setting, source, _ in rows}

    def _wish(self) -> None:
        """Set what helps but need not be there, each for itself: a system such as Windows cannot do all of it."""
        if self._connection.in_transaction():
            return
        for name in _WISHES.keys() & self._came_with.keys():
            driver = driver_of(self._connection)
            try:
                _set(driver, {name: _WISHES[name]})
                driver.commit()
            except Exception as error:
                if is_lost(self._connection, error):
                    raise
                driver.rollback()
                del self._came_with[name]


def _milliseconds(seconds: float) -> int:
    """At least one, because 0 is no limit."""
    return max(1, math.ceil(round(seconds * 1000, 3)))


def _of_a_revision(setting: str, source: str) -> str:
    """Which statement timeout holds where nobody is kept waiting: what a `SET` before has chosen for this session.

    One that comes with the role, the database or the URL is meant for the application, and would end a long build.
    """
    return setting if source == "session" else "0"


def _set(driver: Any, settings: Mapping[str, str]) -> None:
    """Set all of them in one statement."""
    calls = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in settings.items())
    run(driver, f"SELECT {calls}")


def _refusal(connection: Connection, kept: Mapping[str, str], wanted: Mapping[str, str]) -> SchemaError:
    name = next((it for it in wanted if kept.get(it) != wanted[it]), LOCK)
    url = connection.engine.url
    return SchemaError(
        f"The session at {url.host or 'the server'}:{url.port or 5432} does not keep its settings: `{name}` was set to "
        f"{wanted[name]} ms and is {kept.get(name, 'unknown')} ms in the next transaction. Nothing was run.",
        expected="Without its limit, a statement could wait for a lock for ever and keep everybody waiting behind it.",
        hint="Set SCHEMA_DIRECT_URL to the URL of the database server itself, without a pooler or proxy between.",
    )
