"""Which servers are judged for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.server import Server

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Dialect


def server_of(connection: Connection) -> Server:
    """Return the server behind a connection."""
    return _server(connection.dialect, connection.dialect.server_version_info)


def server_of_dialect(dialect: Dialect) -> Server:
    """Return the server that a URL names, with the version that is assumed where nothing is connected."""
    return Server.parse(_engine_name(dialect))


def parsed(texts: Sequence[str]) -> tuple[Server, ...]:
    """Read `postgresql:15,sqlite` and the like; a comma separates as a space does.

    :raise UsageProblem: one of them is not a server.
    """
    words = [word for text in texts for word in text.replace(",", " ").split()]
    return tuple(dict.fromkeys(Server.parse(word) for word in words))


def _server(dialect: Dialect, version: tuple[object, ...] | None) -> Server:
    numbers = tuple(part for part in version or () if isinstance(part, int))
    name = _engine_name(dialect)
    return Server(name, numbers[:2]) if numbers else Server.parse(name)


def _engine_name(dialect: Dialect) -> str:
    return "mariadb" if getattr(dialect, "is_mariadb", False) else dialect.name
