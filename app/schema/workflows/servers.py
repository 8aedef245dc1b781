"""Which servers are judged for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.server import Server
from ..runner.server import engine_name, server_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Dialect

__all__ = ["parsed", "server_of", "server_of_dialect"]


def server_of_dialect(dialect: Dialect) -> Server:
    """Return the server that a URL names, with the version that is assumed where nothing is connected."""
    return Server.parse(engine_name(dialect))


def parsed(texts: Sequence[str]) -> tuple[Server, ...]:
    """Read `postgresql:15,sqlite` and the like; a comma separates as a space does.

    :raise UsageProblem: one of them is not a server.
    """
    words = [word for text in texts for word in text.replace(",", " ").split()]
    return tuple(dict.fromkeys(Server.parse(word) for word in words))
