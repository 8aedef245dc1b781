"""The version table, read back."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, column, inspect, select, table
from sqlalchemy.exc import DBAPIError, NoSuchTableError

from ..core.errors import HistoryBroken
from ..core.revision import LONGEST_ID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic.runtime.migration import MigrationContext

_UNBOUNDED = ("sqlite",)
"""Engines that take a longer text than the column says."""

VERSION_TABLE = "alembic_version"


def revisions_of_database(
    connection: Connection, version_table: str = VERSION_TABLE, schema: str | None = None
) -> tuple[str, ...]:
    """The revisions that a database stands at, in order; empty if it has none. One query.

    :param connection: a connection of its own: where there is no version table its transaction is rolled back.
    :raises sqlalchemy.exc.DBAPIError: if the database does not answer.
    """
    try:
        return tuple(sorted(connection.scalars(_selection(version_table, schema))))
    except DBAPIError:
        connection.rollback()
        if inspect(connection).has_table(version_table, schema=schema):
            raise
        return ()


@cache
def _selection(version_table: str, schema: str | None) -> Any:
    """The query. To build it takes as long as to send it, and it is asked after each revision."""
    return select(table(version_table, column("version_num"), schema=schema).c.version_num)


def require_room(context: MigrationContext, ids: Iterable[str]) -> None:
    """Refuse revisions whose id the version table cannot hold, before the first one runs.

    The engine would say so only when a revision is done, and MySQL cannot undo it then.

    :param context: of the database, connected.
    :param ids: of the revisions to run.
    :raises HistoryBroken: names the first id that is too long.
    """
    longest = max(ids, key=len, default="")
    connection = context.connection
    if len(longest) <= LONGEST_ID or connection is None or connection.dialect.name in _UNBOUNDED:
        return
    room = _length(connection, context.version_table, context.version_table_schema)
    if room is not None and len(longest) > room:
        raise HistoryBroken(
            f"The id of revision '{longest}' has {len(longest)} characters, and the version table "
            f"'{context.version_table}' holds {room}. Nothing was run.",
            hint="Shorten `revision` in its file, and `down_revision` in the files that follow it.",
        )


def _length(connection: Connection, version_table: str, schema: str | None) -> int | None:
    """Characters that the version column holds, `None` for any number."""
    try:
        (version,) = inspect(connection).get_columns(version_table, schema=schema)
    except (NoSuchTableError, ValueError):  # not made yet, or made by somebody else with more columns
        return LONGEST_ID
    length: int | None = getattr(version["type"], "length", None)
    return length
