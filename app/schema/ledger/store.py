"""Reads and adds rows of `schema_ledger`. Nothing here changes or deletes one, and nothing commits."""

from __future__ import annotations

import json
import secrets
import zlib
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, func, insert, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable

from ..core.entry import Entry, Kind, Page, Result
from .moment import earlier, now, parameter
from .tables import ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..core.recorded import Direction

_SHORT = 255
_TOOL = 64


def new_id() -> str:
    """Return an id that no other entry has."""
    return secrets.token_hex(16)


class LedgerStore:
    """The ledger of one version table.

    :param connection: where it is.
    :param version_table: name of the version table.
    :param schema: its schema, `None` for the connection's own.
    """

    def __init__(self, connection: Connection, version_table: str, schema: str | None) -> None:
        self._connection = connection
        self._version_table = version_table
        self._table = ledger(schema)

    def exists(self) -> bool:
        """Whether there is a ledger. One round trip."""
        return inspect(self._connection).has_table(self._table.name, schema=self._table.schema)

    def create(self) -> None:
        """Create the table, if nobody did meanwhile: another version table of this database may have a runner too.

        :raises sqlalchemy.exc.DBAPIError: if it may not be created.
        """
        create = CreateTable(self._table, if_not_exists=True)
        if self._connection.dialect.name != "postgresql":
            self._connection.execute(create)
            return
        try:  # two that create it at the same moment are not told apart by IF NOT EXISTS there
            with self._connection.begin_nested():
                self._connection.execute(create)
        except DBAPIError:
            if not self.exists():
                raise

    def read(
        self, *, revision: str | None = None, newest: int | None = None, sources: bool = False
    ) -> list[Entry]:
        """Return the entries, oldest first.

        :param revision: only those of this revision.
        :param newest: only so many, the last ones.
        :param sources: with the source of each.
        """
        table = self._table
        columns = [column for column in table.c if sources or column is not table.c.source]
        query = select(*columns).where(table.c.version_table == self._version_table)
        if revision is not None:
            query = query.where(table.c.revision == revision)
        order = table.c.number.desc() if newest is not None else table.c.number
        rows = self._connection.execute(query.order_by(order).limit(newest)).mappings().all()
        entries = [_entry(row, source=row["source"] if sources else None) for row in rows]
        return entries[::-1] if newest is not None else entries

    def sources(self, numbers: Sequence[int]) -> dict[int, bytes]:
        """Return the sources that some entries keep, by their numbers."""
        table = self._table
        query = select(table.c.number, table.c.source).where(table.c.number.in_(numbers))
        rows = self._connection.execute(query.where(table.c.source.is_not(None)))
        return {number: zlib.decompress(source) for number, source in rows}

    def has(self, attempt: str) -> bool:
        """Whether an attempt is written down as done."""
        table = self._table
        query = select(func.count()).where(table.c.attempt == attempt, table.c.result == Result.DONE.value)
        return bool(self._connection.scalar(query))

    def add(self, entries: Sequence[Entry]) -> None:
        """Write entries down, in one round trip.

        They end now, by the clock of the database, and began `duration` before.
        """
        rows = [self._row(entry) for entry in entries]
        ended = entries[0].result is not Result.STARTED
        statement = _insertion(self._table.schema, self._connection.dialect.name, ended=ended)
        self._connection.execute(statement, rows if len(rows) > 1 else rows[0])

    def _row(self, entry: Entry) -> dict[str, Any]:
        page = entry.page
        return {
            "ago": parameter(self._connection.dialect.name, entry.duration),
            "id": entry.id,
            "attempt": entry.attempt,
            "version_table": self._version_table,
            "revision": page.revision,
            "parents": json.dumps(page.parents),
            "message": page.message,
            "path": page.path,
            "direction": entry.direction,
            "kind": entry.kind.value,
            "result": entry.result.value,
            "heads": None if entry.heads is None else json.dumps(sorted(entry.heads)),
            "source_digest": page.source_digest,
            "meaning_digest": page.meaning_digest,
            "downgrade_digest": page.downgrade_digest,
            "duration": entry.duration,
            "server": entry.server,
            "user": entry.user[:_SHORT],
            "host": entry.host[:_SHORT],
            "pid": entry.pid,
            "code": None if entry.code is None else entry.code[:_SHORT],
            "tool": entry.tool[:_TOOL],
            "error": entry.error,
            "note": entry.note,
            "attempts": entry.attempts,
            "longest_wait": entry.longest_wait,
            "source": None if page.source is None else zlib.compress(page.source),
        }


@cache
def _insertion(schema: str | None, engine: str, *, ended: bool) -> Any:
    """The statement that writes an entry down. To build it takes as long as to send it, and each revision does."""
    moments = {"started_at": earlier(engine, "ago"), **({"ended_at": now(engine)} if ended else {})}
    return insert(ledger(schema)).values(moments).inline()


def _entry(row: Any, source: bytes | None) -> Entry:
    page = Page(
        row["revision"],
        row["path"],
        tuple(json.loads(row["parents"])),
        None if source is None else zlib.decompress(source),
        row["source_digest"],
        row["meaning_digest"],
        row["downgrade_digest"],
        row["message"],
    )
    return Entry(
        page,
        cast("Direction", row["direction"]),
        Kind(row["kind"]),
        Result(row["result"]),
        id=row["id"],
        attempt=row["attempt"],
        number=row["number"],
        heads=None if row["heads"] is None else tuple(json.loads(row["heads"])),
        started_at=_utc(row["started_at"]),
        ended_at=_utc(row["ended_at"]),
        **{name: row[name] for name in _PLAIN},
    )


_PLAIN = (
    "duration",
    "server",
    "user",
    "host",
    "pid",
    "code",
    "tool",
    "error",
    "note",
    "attempts",
    "longest_wait",
)


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)
