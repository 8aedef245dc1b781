"""Which server a connection leads to, as changes are judged and described for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.server import Server

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect


def server_of(connection: Connection) -> Server:
    """Return the server behind a connection."""
    dialect = connection.dialect
    version = dialect.server_version_info
    numbers = tuple(part for part in version or () if isinstance(part, int))
    name = engine_name(dialect)
    return Server(name, numbers[:2]) if numbers else Server.parse(name)


def engine_name(dialect: Dialect) -> str:
    """Return the name of the engine; SQLAlchemy calls MariaDB `mysql`."""
    return "mariadb" if getattr(dialect, "is_mariadb", False) else dialect.name
