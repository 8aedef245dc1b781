"""The version table, read back."""

from __future__ import annotations

from sqlalchemy import Connection, column, inspect, select, table
from sqlalchemy.exc import DBAPIError

VERSION_TABLE = "alembic_version"


def revisions_of_database(
    connection: Connection, version_table: str = VERSION_TABLE, schema: str | None = None
) -> tuple[str, ...]:
    """The revisions that a database stands at, in order; empty if it has none. One query.

    :param connection: a connection of its own: where there is no version table its transaction is rolled back.
    :raises sqlalchemy.exc.DBAPIError: if the database does not answer.
    """
    versions = table(version_table, column("version_num"), schema=schema)
    try:
        return tuple(sorted(connection.scalars(select(versions.c.version_num))))
    except DBAPIError:
        connection.rollback()
        if inspect(connection).has_table(version_table, schema=schema):
            raise
        return ()
