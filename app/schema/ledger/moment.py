"""Moments by the clock of the database, in UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, DateTime, Double, String, bindparam, func, literal_column
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


def earlier(connection: Connection, seconds: str) -> Any:
    """Return the SQL expression for a moment before this one.

    :param seconds: name of the parameter that says how long before. `parameter` gives its value.
    """
    if connection.dialect.name == "postgresql":
        no: Any = literal_column("0")
        ago = bindparam(seconds, type_=Double)
        return now(connection) - func.make_interval(no, no, no, no, no, no, ago)
    if connection.dialect.name in ("mysql", "mariadb"):
        micro: Any = literal_column("MICROSECOND")
        return func.timestampadd(micro, bindparam(seconds, type_=BigInteger), now(connection))
    return func.strftime("%Y-%m-%d %H:%M:%f", "now", bindparam(seconds, type_=String))


def parameter(connection: Connection, seconds: float) -> float | int | str:
    """Return what `earlier` takes for some seconds."""
    if connection.dialect.name == "postgresql":
        return seconds
    if connection.dialect.name in ("mysql", "mariadb"):
        return -round(seconds * 1_000_000)
    return f"{-seconds:.6f} seconds"
