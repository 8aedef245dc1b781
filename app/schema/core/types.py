"""What a column's type is, said in one way for every spelling.

Whether a change of type can lose values stands in `narrowing`, what an engine does with the table during the change
in `dialects.effects`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import Enum, TypeEngine

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from .server import Server

_SYNONYMS = {
    "int": "integer",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "serial": "integer",
    "bigserial": "bigint",
    "smallserial": "smallint",
    "decimal": "numeric",
    "dec": "numeric",
    "fixed": "numeric",
    "character varying": "varchar",
    "national varchar": "varchar",
    "nvarchar": "varchar",
    "character": "char",
    "bpchar": "char",
    "nchar": "char",
    "float4": "real",
    "float8": "double precision",
    "double": "double precision",
    "bool": "boolean",
    "bit varying": "varbit",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamptz",
    "time without time zone": "time",
    "time with time zone": "timetz",
}
# MySQL and MariaDB: BOOLEAN is a number, REAL is a double and SERIAL is a big one.
_MYSQL_SYNONYMS = {"boolean": "tinyint", "bool": "tinyint", "real": "double precision", "serial": "bigint"}
_DISPLAY_WIDTH = frozenset(("tinyint", "smallint", "mediumint", "integer", "bigint", "year"))
_TYPE = re.compile(
    r"""^\s*(?P<name>[a-z_"`][\w".`]*(?:\s+(?:varying|precision|varchar|character))?)\s*
        (?:\((?P<args>(?:[^()']|'(?:[^']|'')*')*)\))?
        (?P<rest>[^\[\]]*?)(?P<array>(?:\s*\[\d*\])*)\s*$""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_STRING = re.compile(r"'((?:[^']|'')*)'")
_COLLATION = re.compile(r"\bcollate\s+[\"`]?([\w.-]+)", re.IGNORECASE)
_CHARSET = re.compile(r"\b(?:character set|charset)\s+[\"`]?([\w-]+)", re.IGNORECASE)
_ZONE = re.compile(r"\bwith(?:out)? time zone\b", re.IGNORECASE)


@dataclass(frozen=True)
class TypeName:
    """One type, independent of how it was spelled.

    :param name: canonical name in small letters: `integer`, `varchar`, `timestamptz`, or the name of a user's type.
    :param args: length, or precision and scale.
    :param values: values of an enum or set, where the type itself says them.
    :param dimensions: how often it is an array.
    """

    name: str
    args: tuple[int, ...] = ()
    values: tuple[str, ...] = ()
    dimensions: int = 0
    collation: str | None = None
    charset: str | None = None
    unsigned: bool = False

    @property
    def length(self) -> int | None:
        """The greatest number of characters, bytes or bits, None if there is no limit."""
        if self.args:
            return self.args[0]
        return 1 if self.name in ("char", "bit", "binary") else None

    @property
    def precision(self) -> int | None:
        """Digits of a number or of fractional seconds, None if there is no limit."""
        return self.args[0] if self.args else None

    @property
    def scale(self) -> int | None:
        """Digits after the point, None if the type does not fix them."""
        return self.args[1] if len(self.args) > 1 else None


@lru_cache(maxsize=32)
def dialect_of(server: Server) -> Dialect:
    """Return the SQLAlchemy dialect of a server, made once."""
    return server.dialect()


def type_sql(type_: TypeEngine[Any], server: Server) -> str | None:
    """Return the type as SQL of a server, None if it cannot be said because the type is unknown or unfinished."""
    try:
        sql = type_.compile(dialect=dialect_of(server))
    except (SQLAlchemyError, NotImplementedError, AttributeError, TypeError):
        return None
    return sql if isinstance(sql, str) else None  # A stand-in renders as another stand-in.


def describe(type_: TypeEngine[Any] | type[TypeEngine[Any]] | None, server: Server) -> TypeName | None:
    """Return what a SQLAlchemy type is on a server, None if that is not known."""
    if type_ is None:
        return None
    instance = type_() if isinstance(type_, type) else type_
    if not isinstance(instance, TypeEngine):
        return None  # A stand-in for a type of a library that is not there.
    sql = type_sql(instance, server)
    name = parse(sql, server) if sql and sql.upper() != "NULL" else None
    if name is None or name.values or not isinstance(instance, Enum) or name.name == "varchar":
        return name
    return TypeName(name.name, values=tuple(instance.enums), dimensions=name.dimensions)


def parse(sql: str, server: Server) -> TypeName | None:
    """Read a type from SQL such as `character varying(50) COLLATE "C"`, None if it is not one."""
    match = _TYPE.match(sql)
    if match is None:
        return None
    zone = _ZONE.search(match["rest"])
    spelled = " ".join(f"{match['name']} {zone[0] if zone else ''}".lower().split()).strip('"`')
    name, args = _canonical(spelled, _numbers(match["args"]), server)
    return TypeName(
        name,
        args=args,
        values=tuple(value.replace("''", "'") for value in _STRING.findall(match["args"] or "")),
        dimensions=match["array"].count("["),
        collation=_first(_COLLATION, match["rest"]),
        charset=_first(_CHARSET, match["rest"]),
        unsigned="unsigned" in match["rest"].lower(),
    )


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[1] if match else None


def _numbers(text: str | None) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"-?\d+", _STRING.sub("", text or "")))


def _canonical(spelled: str, args: tuple[int, ...], server: Server) -> tuple[str, tuple[int, ...]]:
    if server.engine in ("mysql", "mariadb"):
        return _canonical_mysql(_MYSQL_SYNONYMS.get(spelled) or _SYNONYMS.get(spelled, spelled), args)
    if spelled == "float":
        return ("real" if args and args[0] <= 24 else "double precision"), ()
    name = _SYNONYMS.get(spelled, spelled)
    return name, (*args, 0) if name == "numeric" and len(args) == 1 else args


def _canonical_mysql(name: str, args: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    if name in _DISPLAY_WIDTH:
        return name, ()  # The number in parentheses is a display width, not a limit.
    if name == "numeric":
        return name, (*args, *(10, 0)[len(args) :])
    if name == "text":
        return name, args or (65535,)
    return name, args
