"""A copy of a SQLite file beside it, made before revisions run, and the command that brings it back.

Copied with SQLite's backup, which reads what is committed, also what still stands in a write-ahead log, while others go
on reading and writing. Source: https://sqlite.org/backup.html
"""

from __future__ import annotations

import re
import shlex
import sqlite3
import sys
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.errors import SchemaError
from ..core.own_tables import OWN_TABLES
from ..core.wording import shown

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

_SUFFIX = ".backup"
_MOMENT = "%Y%m%dT%H%M%SZ"
_LONGEST_STANDING = 60
_BUSY_SECONDS = 30.0
_RESTORE = "import sqlite3; sqlite3.connect({copy!r}).backup(sqlite3.connect({database!r}))"


def back_up(
    connection: Connection, standing: Collection[str], *, keep: int, version_table: str
) -> str | None:
    """Copy the file behind a connection, and remove the oldest copies.

    A file in which nobody has made a table is not copied, and neither is a database in memory.

    :param connection: has written nothing in the transaction that it may be in.
    :param standing: revisions that the database stands at.
    :param keep: how many copies there are at most afterwards; none are made for 0.
    :return: the command that brings the copy back, or `None` if none was made.
    :raises SchemaError: if the copy could not be written.
    """
    path = {row[1]: row[2] for row in connection.exec_driver_sql("PRAGMA database_list")}.get("main")
    if not path or keep < 1 or _is_empty(connection, version_table):
        return None
    database = Path(path).resolve()
    copy = _free_name(database, standing)
    try:
        _copy(database, copy)
        _prune(database, keep)
    except (sqlite3.Error, OSError) as error:
        raise _not_copied(database, copy, error) from error
    return _command(database, copy)


def _is_empty(connection: Connection, version_table: str) -> bool:
    names = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return not set(names.scalars()) - OWN_TABLES - {version_table}


def _free_name(database: Path, standing: Collection[str]) -> Path:
    """A name that tells the moment in UTC and where the database stood, and that nothing has."""
    revisions = re.sub(r"[^\w+-]", "_", "+".join(sorted(standing)))[:_LONGEST_STANDING] or "base"
    name = f"{database.name}.{datetime.now(UTC).strftime(_MOMENT)}.{revisions}"
    copy, number = database.with_name(f"{name}{_SUFFIX}"), 1
    while copy.exists():
        number += 1
        copy = database.with_name(f"{name}.{number}{_SUFFIX}")
    return copy


def _copy(database: Path, copy: Path) -> None:
    """Copy under another name first, so that no half copy is ever taken for a whole one."""
    part = copy.with_name(f"{copy.name}.part")
    try:
        # Others may read the copy where they may read the database, from its first byte on.
        part.touch(mode=database.stat().st_mode & 0o777)
        with (
            closing(sqlite3.connect(database, timeout=_BUSY_SECONDS)) as source,
            closing(sqlite3.connect(part)) as target,
        ):
            source.backup(target)
        part.replace(copy)
    finally:
        for left in (part, part.with_name(f"{part.name}-wal"), part.with_name(f"{part.name}-journal")):
            with suppress(OSError):
                left.unlink(missing_ok=True)


def _prune(database: Path, keep: int) -> None:
    ours = re.compile(rf"{re.escape(database.name)}\.\d{{8}}T\d{{6}}Z\.[\w+.-]+{re.escape(_SUFFIX)}")
    copies = [path for path in database.parent.iterdir() if ours.fullmatch(path.name)]
    by_age = sorted(copies, key=lambda path: (path.name.split("Z.")[0], path.stat().st_mtime_ns))
    for path in by_age[:-keep]:
        path.unlink()


def _command(database: Path, copy: Path) -> str:
    """What to type to bring a copy back. SQLite writes it, so that a write-ahead log does not contradict it."""
    code = _RESTORE.format(copy=str(copy), database=str(database))
    return f"{shlex.quote(sys.executable)} -c {shlex.quote(code)}"


def _not_copied(database: Path, copy: Path, error: Exception) -> SchemaError:
    return SchemaError(
        f"The database '{shown(database)}' could not be copied to '{shown(copy)}' ({error}). Nothing was changed.",
        expected="Before revisions run, SQLite's file is copied beside itself.",
        hint="Make room there, or set `SCHEMA_BACKUPS` to 0 if the database is backed up in another way.",
    )
