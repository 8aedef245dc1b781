"""Character sets of MySQL and MariaDB: how many bytes a text can take, and which one a column has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .state import TableState
    from .types import TypeName

BYTES = {"latin1": 1, "latin2": 1, "ascii": 1, "binary": 1, "utf8mb3": 3, "utf8": 3, "ucs2": 2, "utf8mb4": 4}
# What a server has for a database that does not say: MySQL 8 and MariaDB 11.6; distributions set it before.
USUAL = "utf8mb4"
# Types that an index can hold only the beginning of.
ENDLESS = frozenset(
    ("tinytext", "text", "mediumtext", "longtext", "tinyblob", "blob", "mediumblob", "longblob", "json")
)
_OPTIONS = (
    "convert charset", "charset", "mysql_default_charset", "mysql_charset", "mysql_character_set",
    "mysql_default_character_set",
)  # fmt: skip


def charset_of(table: TableState | None) -> str | None:
    """Return the character set that the history gave to a table, None if it did not say."""
    options = table.options if table else {}
    said = next((options[name] for name in _OPTIONS if options.get(name)), None)
    return said.split()[0].lower() if said else None


def max_bytes(name: TypeName, table: TableState | None) -> int | None:
    """Return how many bytes a value of a text or binary type with a length can take, None for other types."""
    if name.length is None or name.name not in ("varchar", "char", "varbinary", "binary"):
        return None
    if name.name in ("varbinary", "binary"):
        return name.length
    return name.length * BYTES.get((name.charset or charset_of(table) or USUAL).lower(), 4)


def is_same_charset(old: str | None, new: str) -> bool:
    """True if two names mean one character set; one that the history does not tell is taken for the usual one."""
    return _alias(old or USUAL) == _alias(new)


def is_widened(old: str, new: str) -> bool:
    """True for utf8mb3 → utf8mb4: every text keeps its bytes."""
    return _alias(old) == "utf8mb3" and new.lower() == "utf8mb4"


def _alias(name: str) -> str:
    return {"utf8": "utf8mb3"}.get(name.lower(), name.lower())


def states_charset(options: Mapping[str, str]) -> bool:
    """True if a table's options name a character set or a collation."""
    return any(options.get(name) for name in (*_OPTIONS, "mysql_collate", "mysql_default_collate"))


def key_limit(table: TableState) -> int:
    """Return how many bytes one key of a table can hold (MySQL manual, "InnoDB Limits")."""
    row_format = (table.options.get("row format") or table.options.get("mysql_row_format") or "").upper()
    return 767 if row_format in ("COMPACT", "REDUNDANT") else 3072
