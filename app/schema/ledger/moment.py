"""Moments by the clock of the database, in UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, DateTime, Double, String, TypeDecorator, bindparam, func, literal_column

if TYPE_CHECKING:
    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine

_MYSQL = ("mysql", "mariadb")


class _Moment(TypeDecorator[Any]):
    """Without a time zone, with fractions of a second."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Ask MySQL and MariaDB for the fractions, which they leave out unless told."""
        if dialect.name not in _MYSQL:
            return dialect.type_descriptor(DateTime())
        # It is loaded where it is used; for the other engines it would take as long as an upgrade may take longer.
        from sqlalchemy.dialects.mysql import DATETIME

        return dialect.type_descriptor(DATETIME(fsp=6))


MOMENT = _Moment()
"""The type of a column that holds a moment."""


def now(engine: str) -> Any:
    """Return the SQL expression for this moment.

    :param engine: name of SQLAlchemy's dialect; likewise below.

    PostgreSQL's `now()` stands still within a transaction; `clock_timestamp()` does not.
    Source: https://www.postgresql.org/docs/15/functions-datetime.html#FUNCTIONS-DATETIME-CURRENT
    """
    if engine == "postgresql":
        return func.timezone("UTC", func.clock_timestamp())
    if engine in _MYSQL:
        return func.utc_timestamp(literal_column("6"))
    return func.strftime("%Y-%m-%d %H:%M:%f", "now")


def earlier(engine: str, seconds: str) -> Any:
    """Return the SQL expression for a moment before this one.

    :param seconds: name of the parameter that says how long before. `parameter` gives its value.
    """
    if engine == "postgresql":
        no: Any = literal_column("0")
        ago = bindparam(seconds, type_=Double)
        return now(engine) - func.make_interval(no, no, no, no, no, no, ago)
    if engine in _MYSQL:
        micro: Any = literal_column("MICROSECOND")
        return func.timestampadd(micro, bindparam(seconds, type_=BigInteger), now(engine))
    return func.strftime("%Y-%m-%d %H:%M:%f", "now", bindparam(seconds, type_=String))


def parameter(engine: str, seconds: float) -> float | int | str:
    """Return what `earlier` takes for some seconds."""
    if engine == "postgresql":
        return seconds
    if engine in _MYSQL:
        return -round(seconds * 1_000_000)
    return f"{-seconds:.6f} seconds"
