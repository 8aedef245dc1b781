"""What the history says a live schema should be, and how it differs from what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..core.schema_difference import Comparison, compare
from ..core.snapshot import Snapshot
from ..dialects.catalog import read
from .replaying import Visitor, replay

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from sqlalchemy import Connection

    from .replaying import Key, Served
    from .target import Target


@dataclass(frozen=True)
class Expected:
    """What one live database should be.

    :param served: which database, and the revisions that it is compared with.
    :param snapshot: what they build.
    """

    served: Served
    snapshot: Snapshot


def expected(
    target: Target,
    heads: Callable[[Served], Sequence[str]],
    *,
    seen: Callable[[Expected], None] = lambda _: None,
    tag: str | None = None,
) -> dict[Key, Expected]:
    """Replay the history and return what it builds for each database; none for one where it builds nothing.

    :param heads: returns the revisions that a database is to be compared with.
    :param seen: is given each result while the connections to that database are open.
    :param tag: a word for `env.py`.
    :raises SchemaError: if the history does not build from an empty database, or no scratch database can be had.
    """
    found: dict[Key, Expected] = {}

    def note(served: Served) -> None:
        found[served.key] = Expected(served, read_schema(served.scratch, served.version_table))
        seen(found[served.key])

    replay(target, Visitor(heads, done=note), tag=tag)
    return found


def read_schema(connection: Connection, version_table: tuple[str, str | None]) -> Snapshot:
    """Return what a database consists of, without the version table.

    :param version_table: its name and schema.
    """
    name, schema = version_table
    default = connection.dialect.default_schema_name
    return read(connection, {(schema, name), (None if schema == default else schema, name)})


@dataclass
class Comparer:
    """Compares live schemas with what they should be. Looks the history's tables up where there is one too many."""

    target: Target
    _known: Collection[str] | None = None

    def __call__(
        self, snapshot: Snapshot, live: Connection, version_table: tuple[str, str | None]
    ) -> Comparison:
        """Compare one database.

        :param snapshot: what it should be.
        :param live: a connection to it, which is only read.
        """
        actual = read_schema(live, version_table)
        surplus = actual.tables.keys() - snapshot.tables.keys()
        return compare(snapshot, actual, self.known(live) if surplus else ())

    def known(self, live: Connection) -> Collection[str]:
        """Return the tables that the history has at one revision or another."""
        if self._known is None:
            # The recorder is loaded where there is a table too many, not for every stamp.
            from .history_tables import tables_of_history

            self._known = tables_of_history(self.target, live)
        return self._known
