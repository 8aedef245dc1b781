"""What a database driver says → which kind of trouble it is.

Codes come first: SQLSTATE of PostgreSQL (manual, appendix A), error numbers of MySQL and MariaDB (their error
references), result codes of SQLite (sqlite.org/rescode.html). The text is asked only where the driver gives
no code, as psycopg does while connecting.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass


class Sign(enum.Enum):
    """A kind of trouble that a database reports."""

    DOWN = enum.auto()
    UNKNOWN_HOST = enum.auto()
    LOGIN = enum.auto()
    NO_DATABASE = enum.auto()
    CANNOT_OPEN = enum.auto()
    READ_ONLY = enum.auto()
    NOT_A_DATABASE = enum.auto()
    LOCKED = enum.auto()
    CROWDED = enum.auto()
    LOST = enum.auto()
    FORBIDDEN = enum.auto()
    FULL = enum.auto()
    EXISTS = enum.auto()
    MISSING = enum.auto()
    DATA = enum.auto()
    OTHER = enum.auto()


OUTSIDE = frozenset(
    {
        Sign.DOWN,
        Sign.UNKNOWN_HOST,
        Sign.LOGIN,
        Sign.NO_DATABASE,
        Sign.CANNOT_OPEN,
        Sign.READ_ONLY,
        Sign.NOT_A_DATABASE,
        Sign.CROWDED,
        Sign.LOST,
        Sign.FORBIDDEN,
        Sign.FULL,
    }
)
"""Troubles that no statement of a revision is to blame for."""

_CODES: dict[Sign, str] = {
    Sign.DOWN: "2002 2003 57P03",
    Sign.UNKNOWN_HOST: "2005",
    Sign.LOGIN: "1045 1698 28000 28P01",
    Sign.NO_DATABASE: "1049 3D000",
    Sign.CANNOT_OPEN: "SQLITE_CANTOPEN",
    Sign.READ_ONLY: "1290 1792 1836 25006 SQLITE_READONLY",
    Sign.NOT_A_DATABASE: "SQLITE_NOTADB SQLITE_CORRUPT",
    Sign.LOCKED: "1205 1213 55P03 40P01 SQLITE_BUSY SQLITE_LOCKED",
    Sign.CROWDED: "1040 1203 1226 53300",
    Sign.LOST: "1053 1927 2006 2013 57P01 57P02 08006 08003",
    Sign.FORBIDDEN: "1044 1142 1227 42501 SQLITE_PERM SQLITE_AUTH",
    Sign.FULL: "1021 1114 53100 SQLITE_FULL",
    Sign.EXISTS: "1007 1050 1060 1061 1826 42P06 42P07 42701 42710",
    Sign.MISSING: "1051 1054 1091 1146 42P01 42703 42704",
    Sign.DATA: "1048 1062 1138 1265 1366 1406 1451 1452 "
    "22001 22P02 23502 23503 23505 23514 SQLITE_CONSTRAINT",
}
_BY_CODE = {code: sign for sign, codes in _CODES.items() for code in codes.split()}

_TEXTS: tuple[tuple[Sign, str], ...] = (
    (
        Sign.UNKNOWN_HOST,
        r"resolve host|Name or service not known|nodename nor servname|getaddrinfo|name resolution",
    ),
    (
        Sign.LOGIN,
        r"authentication failed|no password supplied|role \"[^\"]*\" does not exist|no pg_hba\.conf entry",
    ),
    (Sign.NO_DATABASE, r"database \"[^\"]*\" does not exist"),
    (Sign.CROWDED, r"too many (clients|connections)|remaining connection slots"),
    (Sign.DOWN, r"Connection refused|is (starting up|shutting down)|timed? ?out|No route to host"),
    (Sign.DOWN, r"No such file or directory"),
    (Sign.LOST, r"server closed the connection|terminating connection|Lost connection"),
    (Sign.EXISTS, r"already exists|duplicate column name"),
    (Sign.MISSING, r"no such (table|column|index)"),
)


@dataclass(frozen=True, slots=True)
class Report:
    """What the driver said, in our words and in its own."""

    sign: Sign
    words: str


def read(original: BaseException | None, fallback: str = "") -> Report:
    """Understand the driver's error (`DBAPIError.orig`)."""
    if original is None:
        return Report(Sign.OTHER, fallback)
    code, words = _code(original), _words(original)
    sign = _by_code(code) or _by_text(words)
    if sign is Sign.DOWN and _by_text(words) is Sign.UNKNOWN_HOST:
        sign = Sign.UNKNOWN_HOST  # PyMySQL has one number for both
    return Report(sign, words)


def _code(original: BaseException) -> str:
    named = getattr(original, "sqlite_errorname", None)
    number = original.args[0] if original.args and isinstance(original.args[0], int) else None
    return str(named or number or getattr(original, "sqlstate", None) or "")


def _by_code(code: str) -> Sign | None:
    """The sign of a code. SQLite's extended codes carry the plain one in their first two words."""
    return _BY_CODE.get("_".join(code.split("_")[:2]))


def _by_text(words: str) -> Sign:
    return next((sign for sign, pattern in _TEXTS if re.search(pattern, words, re.IGNORECASE)), Sign.OTHER)


_CONNECTING = re.compile(r"^connection failed: (connection to server .*? failed: )?")


def _words(original: BaseException) -> str:
    """The message alone: without MySQL's number, PostgreSQL's excerpt of the statement and the full stop."""
    message = original.args[1] if len(original.args) > 1 else str(original)
    primary = getattr(getattr(original, "diag", None), "message_primary", None)
    lines = [line.strip() for line in str(primary or message).splitlines() if line.strip()]
    return _CONNECTING.sub("", lines[0]).rstrip(".") if lines else type(original).__name__
