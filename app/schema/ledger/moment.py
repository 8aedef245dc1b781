"""Moments by the clock of the database, in UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime, func, literal_column
from sqlalchemy.dialects.mysql import DATETIME

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOMENT = DateTime().with_variant(DATETIME(fsp=6), "mysql", "mariadb")
"""The type of such a column: without a time zone, with fractions of a second."""


def now(connection: Connection) -> Any:
    """Return the SQL expression for this moment.

    PostgreSQL's `now()` stands still within a transaction; `clock_timestamp()` does not.
    Source: https://www.postgresql.org/docs/15/functions-datetime.html#FUNCTIONS-DATETIME-CURRENT
    """
    if connection.dialect.name == "postgresql":
        return func.timezone("UTC", func.clock_timestamp())
    if connection.dialect.name in ("mysql", "mariadb"):
        return func.utc_timestamp(literal_column("6"))
    return func.strftime("%Y-%m-%d %H:%M:%f", "now")
