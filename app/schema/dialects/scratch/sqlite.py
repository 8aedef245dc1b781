"""SQLite: a database in memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import URL, Connection

SERVED = False
_OPENS = re.compile(r"ATTACH|VACUUM\s.*\bINTO", re.IGNORECASE | re.DOTALL)


def place(url: URL, name: str) -> URL:
    """Where the scratch database is; what a `file:` URL says of the file does not apply."""
    return url.set(database=":memory:", query={key: url.query[key] for key in url.query if key == "timeout"})


def called(name: str) -> str:
    """What `current` says of it."""
    return ""


def current(connection: Connection) -> str:
    """The file that a connection leads to, "" for none."""
    return str(connection.scalar(text("SELECT file FROM pragma_database_list WHERE name = 'main'")) or "")


def furnish(live: Connection, scratch: Connection, made_later: Callable[[str], bool]) -> None:
    """There are no schemas and no extensions in a file."""


def about_the_server(statement: str) -> bool:
    """There is no server."""
    return False


def neighbours(connection: Connection) -> Sequence[str]:
    """Databases that a statement can reach from here: any file."""
    return ()


def trespass(statement: str, _foreign: Sequence[str]) -> str | None:
    """Which other file a statement opens."""
    return "a file of its own" if _OPENS.match(statement) else None


def take_over(live: Connection, scratch: Connection) -> None:
    """A session has nothing that would make another schema."""
