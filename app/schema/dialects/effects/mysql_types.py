"""How MySQL and MariaDB change a column's type: at once, in the description, with its indexes, or by copying."""

from __future__ import annotations

from dataclasses import replace

from ...core.server import Server
from ...core.types import TypeName
from .mysql_ways import DESCRIPTION, INSTANT, Way, copies, describes, indexes

_BYTES = {"latin1": 1, "ascii": 1, "binary": 1, "utf8mb3": 3, "utf8": 3, "ucs2": 2}
_VARYING = ("varchar", "varbinary")


def max_bytes(name: TypeName) -> int | None:
    """Return how many bytes a value of a varying type can have; a charset that is not known takes four for each."""
    if name.name not in _VARYING or name.length is None:
        return None
    if name.name == "varbinary":
        return name.length
    return name.length * _BYTES.get(name.charset or "utf8mb4", 4)


def type_way(
    old: TypeName | None, new: TypeName | None, server: Server, *, indexed: bool, charset: str | None
) -> Way:
    """Return how a column changes from one type to another.

    :param indexed: an index or key holds the column.
    :param charset: character set of the table, None if it is not known.
    """
    if old is None or new is None:
        return copies(server, "a type is not known: the worst is assumed")
    old, new = _with_charset(old, charset), _with_charset(new, charset)
    if old == new:
        return INSTANT
    if old.values and new.values and old.name == new.name:
        return INSTANT if _appends(old, new) else copies(server)
    before, after = max_bytes(old), max_bytes(new)
    if before is None or after is None or old.name != new.name or (old.length or 0) > (new.length or 0):
        return copies(server)
    return _widened(old, new, server, before, after, indexed=indexed)


def _with_charset(name: TypeName, charset: str | None) -> TypeName:
    """Return a type with the character set that it has if it says none; utf8mb4 unless the table's is known."""
    return replace(name, charset=(name.charset or charset or "utf8mb4").lower())


def _appends(old: TypeName, new: TypeName) -> bool:
    """True if values are added at the end and the number of bytes that hold them stays."""
    step = _set_bytes if old.name == "set" else _enum_bytes
    return new.values[: len(old.values)] == old.values and step(len(old.values)) == step(len(new.values))


def _enum_bytes(values: int) -> int:
    return 1 if values <= 255 else 2


def _set_bytes(values: int) -> int:
    return next(size for size in (1, 2, 3, 4, 8) if values <= size * 8)


def _widened(old: TypeName, new: TypeName, server: Server, before: int, after: int, *, indexed: bool) -> Way:
    if _crosses(before, after, server) or not _charset_fits(old, new):
        return copies(server)
    if old.collation != new.collation or old.charset != new.charset:
        return _reordered(server, indexed=indexed)
    return INSTANT if server.engine == "mariadb" else DESCRIPTION


def _crosses(before: int, after: int, server: Server) -> bool:
    """True if the length of a value is stored in one byte before and in two afterwards.

    MariaDB 10.4.3 and later store it so that a column of up to 127 bytes can grow at once.
    """
    if server.engine == "mariadb" and server.at_least(10, 4, 3) and before <= 127:
        return False
    return before <= 255 < after


def _charset_fits(old: TypeName, new: TypeName) -> bool:
    grows = {old.charset, new.charset} <= {"utf8mb3", "utf8", "utf8mb4"} and new.charset == "utf8mb4"
    return grows or old.charset == new.charset


def _reordered(server: Server, *, indexed: bool) -> Way:
    if not indexed:
        return describes(server)
    return indexes(server) if server.engine == "mariadb" else copies(server)
