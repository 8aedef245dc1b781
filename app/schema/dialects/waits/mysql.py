"""MariaDB and MySQL: `lock_wait_timeout` in whole seconds, and a second connection that ends a wait earlier.

Source: https://mariadb.com/kb/en/server-system-variables/#lock_wait_timeout, https://mariadb.com/kb/en/wait-and-nowait/
"""

from __future__ import annotations

import math
import re
import time
from typing import TYPE_CHECKING, Any

from ...core.errors import SchemaError
from ...core.masking import masked
from ...core.waits import Miss, Trouble
from . import mysql_sessions
from .base import driver_of, is_lost, original, run, settle
from .limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlalchemy import Connection

    from ...core.waits import Blocker, Progress
    from .limits import Settings

LOCK, ROW_LOCK = "lock_wait_timeout", "innodb_lock_wait_timeout"
STATEMENT = "max_statement_time"
_WAIT, _LONG = "wait_timeout", 8 * 3600
_NEVER_KILLED = (
    STATEMENT,
    "max_execution_time",  # MySQL, for queries alone
    "idle_transaction_timeout",
    "idle_readonly_transaction_timeout",
    "idle_write_transaction_timeout",
)

_LOCKED = (1205, 3572)
_DEADLOCK = (1213, 1020)
_TIMEOUT = (1969, 3024)
_INTERRUPTED = 1317
_LOST = (0, 1053, 1927, 2006, 2013, 2055, 3169, 4031)
"""Shut down, killed, gone away, lost, closed for being idle; PyMySQL says 0 for a connection that was closed before.

Source: https://mariadb.com/kb/en/mariadb-error-codes/, https://dev.mysql.com/doc/mysql-errors/8.4/en/
"""

_ASSIGNMENT = re.compile(
    r"(?:^SET\s+|,\s*)(?P<scope>GLOBAL\s+|SESSION\s+|LOCAL\s+|@@GLOBAL\.|@@SESSION\.|@@LOCAL\.|@@)?"
    r"`?(?P<name>\w+)`?\s*:?=\s*(?P<value>\w*)",
    re.IGNORECASE,
)


class MySQLWaits(Limits):
    """The limits of one session. Its settings know of no transaction: a rollback leaves them as they are.

    `achieved` is what the server alone does, whole seconds. `aimed` is what holds while somebody asks
    `interrupt_wait` now and then.
    """

    def __init__(
        self,
        connection: Connection,
        lock_timeout: float,
        statement_timeout: float | None,
        tell: Callable[[str], None],
    ) -> None:
        super().__init__(connection, lock_timeout, statement_timeout, tell)
        dialect: Any = connection.dialect
        self._is_mariadb = bool(getattr(dialect, "is_mariadb", False))
        seconds = max(0 if self._is_mariadb else 1, math.ceil(lock_timeout))
        self.achieved, self.aimed = float(seconds), lock_timeout
        self._strict = {LOCK: str(seconds), ROW_LOCK: str(seconds)}
        self._session: int | None = None
        self._interrupted = False
        self._moved = time.monotonic()
        self._seen: tuple[Blocker, ...] = ()
        self._looked = float("-inf")

    def begin(self) -> None:
        """Set the limits, lift those that would end the session, and read them back."""
        self.session()  # read now: later, others ask while the connection is busy
        found = self._read((LOCK, ROW_LOCK, _WAIT, *_NEVER_KILLED))
        self._came_with = found
        self._patient = {name: found[name] for name in (LOCK, ROW_LOCK)}
        self._plan_statement_timeout(found)
        wanted = {**{name: "0" for name in _NEVER_KILLED if name in found}, **self._strict}
        wished = {_WAIT: str(max(int(found[_WAIT]), _LONG))}
        self.send(driver_of(self._connection), {**wanted, **wished})
        kept = self._read((*wanted, _WAIT))
        if any(float(kept[name]) != float(value) for name, value in wanted.items()):
            self.end()
            raise _refusal(kept, wanted)
        if int(kept[_WAIT]) < _LONG:
            self._tell(
                f"The server ends this session after {kept[_WAIT]} s without a statement (`wait_timeout`)."
            )
        self._now = dict(self._strict)

    def send(self, driver: Any, settings: Settings) -> None:
        """Send one `SET` for all; it ends no transaction."""
        run(driver, "SET " + ", ".join(f"SESSION {name} = {value}" for name, value in settings.items()))

    def limit(self, cursor: Any, *, locks: bool) -> None:
        """Begin a statement that nobody has interrupted."""
        self._interrupted = False
        super().limit(cursor, locks=locks)

    def theirs(self, statement: str) -> bool:
        """Find `SET` of a limit for the session.

        Only `lock_wait_timeout` makes it true; the others are left alone until `revision_ended`, while waits for
        metadata locks stay limited. `ALTER … WAIT n`, `NOWAIT` and `SET STATEMENT … FOR` are about themselves alone
        and need nothing to be left alone.
        """
        found: dict[str, str] = {}
        for part in masked(statement, shorten=False, mysql=True).split(";"):
            found.update(_session_values(part.strip()))
        self.take(found)
        return LOCK in found and LOCK in self._owned

    def session(self) -> int | None:
        """The number of its thread."""
        if self._session is None:
            self._session = int(run(driver_of(self._connection), "SELECT CONNECTION_ID()")[0][0])
            settle(self._connection)
        return self._session

    def failure(self, error: BaseException) -> Miss | Trouble | None:
        """Read the error number."""
        code = _code(original(error))
        if code in _LOCKED or (code == _INTERRUPTED and self._interrupted):
            return Miss.LOCK
        if code in _DEADLOCK:
            return Miss.DEADLOCK
        if code in _TIMEOUT:
            return Trouble.STATEMENT_TIMEOUT
        return Trouble.LOST if code in _LOST or is_lost(self._connection, error) else None

    def blockers(self, other: Connection | None) -> tuple[Blocker, ...]:
        """Whom the server names, or else those who may be in the way; asked again at once, the same ones."""
        now = time.monotonic()
        if now - self._looked >= mysql_sessions.REST:
            self._seen = mysql_sessions.blockers(other, self._session)
            self._looked = time.monotonic()
        return self._seen

    def long_transactions(self, other: Connection | None, older_than: float) -> tuple[Blocker, ...]:
        """Those of the storage engine, in this database."""
        return mysql_sessions.long_transactions(other, self._session, older_than)

    def progress(self, other: Connection | None) -> Progress | None:
        """Stage and percents of a change that copies or sorts a table; MariaDB alone tells."""
        return mysql_sessions.progress(other, self._session) if self._is_mariadb else None

    def interrupt_wait(self, other: Connection | None) -> bool:
        """Kill the statement, and not the session, once it has waited for a metadata lock for as long as is wished.

        To be asked several times within that time: a wait is counted from the last time when there was none. Never
        kills what has worked for longer than the server's own limit: an `ALTER` waits for its lock once more at the
        end, and hours would be thrown away. There, `lock_wait_timeout` alone holds.
        """
        began = self._asked
        if not self._is_strict or LOCK in self._owned or time.monotonic() - began > self.achieved:
            return False
        number = mysql_sessions.waiting(other, self._session, is_mariadb=self._is_mariadb)
        now = time.monotonic()
        if number is None:
            self._moved = now
        if other is None or number is None or now - max(began, self._moved) < self.aimed:
            return False
        # Noted before the server is told: the error may arrive earlier than the answer to this.
        self._interrupted = True
        killed = mysql_sessions.kill(other, number, is_mariadb=self._is_mariadb)
        self._interrupted = self._interrupted and killed
        return killed

    def _plan_statement_timeout(self, found: Mapping[str, str]) -> None:
        """MariaDB ends any statement; MySQL queries alone, so that there is nothing to be set."""
        limit = self._statement_timeout
        if STATEMENT in found:
            self._patient[STATEMENT] = "0"
            self._strict[STATEMENT] = "0" if limit is None else f"{max(limit, 0.001):.6f}"
        elif limit is not None:
            self._tell(
                "MySQL cannot limit how long a change of the schema runs; SCHEMA_STATEMENT_TIMEOUT has no effect."
            )

    def _read(self, names: Iterable[str]) -> dict[str, str]:
        """What this version knows of the variables."""
        listed = ", ".join(f"'{name}'" for name in names)
        rows = run(driver_of(self._connection), f"SHOW SESSION VARIABLES WHERE Variable_name IN ({listed})")
        settle(self._connection)
        return {row[0]: row[1] for row in rows}


def _session_values(statement: str) -> dict[str, str]:
    """Which of our variables a `SET` gives a value to in this session."""
    if re.match(r"SET\s+STATEMENT\b", statement, re.IGNORECASE):
        return {}
    ours = (LOCK, ROW_LOCK, STATEMENT)
    return {
        match["name"].lower(): match["value"]
        for match in _ASSIGNMENT.finditer(statement if statement[:3].upper() == "SET" else "")
        if match["name"].lower() in ours and "GLOBAL" not in (match["scope"] or "").upper()
    }


def _code(error: BaseException) -> int | None:
    """The error number: an attribute with the connectors of MySQL and MariaDB, an argument elsewhere."""
    candidates = (getattr(error, "errno", None), *error.args[:1])
    return next((it for it in candidates if isinstance(it, int)), None)


def _refusal(kept: Mapping[str, str], wanted: Mapping[str, str]) -> SchemaError:
    name = next(it for it in wanted if float(kept[it]) != float(wanted[it]))
    return SchemaError(
        f"The server does not keep a setting of this session: `{name}` was set to {wanted[name]} and is {kept[name]}. "
        "Nothing was run.",
        expected="Without its limit, a statement could wait for a lock for hours and keep everybody waiting behind it.",
        hint="Look for a proxy between (then set SCHEMA_DIRECT_URL to the URL of the server itself), or for "
        f"`maximum-{name.replace('_', '-')}` in the server's configuration.",
    )
