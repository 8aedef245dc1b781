"""The type of a column in SQL → a SQLAlchemy type of the server's dialect."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from ...core.named_type import NamedType
from .cursor import Cursor, NotUnderstood
from .lexer import Kind, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.types import TypeEngine

    from ...core.server import Server

Maker = type["TypeEngine[Any]"]

# Words of PostgreSQL's grammar and of pg_type for the types that SQLAlchemy's reflection names otherwise.
_POSTGRESQL: dict[str, Maker] = {
    "int": sa.INTEGER,
    "int4": sa.INTEGER,
    "int8": sa.BIGINT,
    "int2": sa.SMALLINT,
    "varchar": sa.VARCHAR,
    "char": sa.CHAR,
    "bpchar": sa.CHAR,
    "decimal": sa.NUMERIC,
    "dec": sa.NUMERIC,
    "bool": sa.BOOLEAN,
    "float4": sa.REAL,
    "float8": sa.DOUBLE_PRECISION,
    "varbit": postgresql.BIT,
    "timestamptz": postgresql.TIMESTAMP,
    "timetz": postgresql.TIME,
}
_MYSQL: dict[str, Maker] = {
    "bool": sa.Boolean,
    "boolean": sa.Boolean,
    "dec": mysql.DECIMAL,
    "real": mysql.DOUBLE,
    "double precision": mysql.DOUBLE,
    "int1": mysql.TINYINT,
    "int2": mysql.SMALLINT,
    "int3": mysql.MEDIUMINT,
    "int4": mysql.INTEGER,
    "int8": mysql.BIGINT,
    "middleint": mysql.MEDIUMINT,
    "character": mysql.CHAR,
    "character varying": mysql.VARCHAR,
    "varcharacter": mysql.VARCHAR,
    "long": mysql.MEDIUMTEXT,
    "serial": mysql.BIGINT,
}
_SQLITE: dict[str, Maker] = {
    "varying character": sa.VARCHAR,
    "character varying": sa.VARCHAR,
    "character": sa.CHAR,
    "double precision": sa.DOUBLE_PRECISION,
}
SERIALS: dict[str, Maker] = {
    **dict.fromkeys(("serial", "serial4"), sa.INTEGER),
    **dict.fromkeys(("bigserial", "serial8"), sa.BIGINT),
    **dict.fromkeys(("smallserial", "serial2"), sa.SMALLINT),
}
# What may follow the first word of a type: PostgreSQL and the standard.
_SECOND_WORDS = {
    "DOUBLE": ("PRECISION",),
    "CHARACTER": ("VARYING",),
    "CHAR": ("VARYING",),
    "BIT": ("VARYING",),
    "VARYING": ("CHARACTER",),
    "NATIVE": ("CHARACTER",),
    "UNSIGNED": ("BIG", "INT", "INTEGER"),
    "LONG": ("VARCHAR", "VARBINARY"),
}
_NUMBER_WORDS = frozenset({"UNSIGNED", "SIGNED", "ZEROFILL"})
_INTERVAL_WORDS = frozenset({"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "TO"})


def sql_type(text: str, server: Server) -> TypeEngine[Any]:
    """Return the type that a text such as `varchar(50)` names; a `NamedType` if it is not built in."""
    cursor = Cursor(server, text, tuple(tokens(text, server.dialect_name)))
    try:
        type_ = read_type(cursor)
        cursor.expect_end()
    except NotUnderstood:
        return NamedType(text.strip())
    return type_


def read_type(cursor: Cursor) -> TypeEngine[Any]:
    """Read a type.

    :raise NotUnderstood: no type stands there.
    """
    schema, name = _type_name(cursor)
    arguments = cursor.group() if cursor.at("(") else None
    type_ = _build(cursor, schema, name, arguments)
    if cursor.server.engine == "postgresql":
        return _array(cursor, type_)
    return type_


def is_serial(cursor: Cursor) -> bool:
    """True if a type that numbers rows by itself comes next."""
    word = cursor.token().key.lower()
    if cursor.server.engine == "postgresql":
        return word in SERIALS
    return word == "serial" and cursor.server.dialect_name == "mysql"


def _type_name(cursor: Cursor) -> tuple[str | None, str]:
    first = cursor.token()
    quoted = first.kind is Kind.NAME
    schema, name = cursor.qualified()
    if schema == "pg_catalog":
        schema = None
    if quoted or schema:
        return schema, name
    name = name.lower() if cursor.server.engine != "sqlite" else name
    words = _SECOND_WORDS.get(first.key, ())
    if cursor.server.engine == "sqlite" and first.key == "UNSIGNED":
        return None, " ".join([name, *iter(lambda: cursor.accept_any(*words) or "", "")])
    if first.key == "NATIONAL":
        name = cursor.name().lower()
    second = cursor.accept_any(*words)
    return None, f"{name} {second.lower()}".replace("char varying", "character varying") if second else name


def _build(cursor: Cursor, schema: str | None, name: str, arguments: Cursor | None) -> TypeEngine[Any]:
    maker = _known(cursor.server).get(name.lower()) if schema is None else None
    if maker is None:
        return NamedType(name, schema, arguments.everything() if arguments else None)
    if cursor.server.engine == "postgresql":
        return _postgresql(cursor, name, maker, arguments)
    if cursor.server.dialect_name == "mysql":
        return _mysql(cursor, maker, arguments)
    return _generic(maker, _numbers(arguments))


@lru_cache(maxsize=8)
def _known(server: Server) -> Mapping[str, Maker]:
    builtin: Mapping[str, Any] = server.dialect().ischema_names  # type: ignore[attr-defined]
    own = {"postgresql": _POSTGRESQL | SERIALS, "mysql": _MYSQL}.get(server.dialect_name, _SQLITE)
    return {**{key.lower(): value for key, value in builtin.items() if not key.startswith("_")}, **own}


def _numbers(arguments: Cursor | None) -> list[int]:
    found = []
    for item in arguments.items() if arguments else ():
        text = item.everything()
        if not text.lstrip("-").isdecimal():
            raise NotUnderstood(f"{text!r} is not the length of a type")
        found.append(int(text))
    return found


def _generic(maker: Maker, numbers: list[int]) -> TypeEngine[Any]:
    if not numbers or maker in (sa.INTEGER, sa.BIGINT, sa.SMALLINT, sa.BOOLEAN, sa.Boolean):
        return maker()
    try:
        return maker(*numbers)
    except TypeError:
        return maker()


def _postgresql(cursor: Cursor, name: str, maker: Maker, arguments: Cursor | None) -> TypeEngine[Any]:
    if maker in (postgresql.TIMESTAMP, postgresql.TIME):
        return _time(cursor, maker, _numbers(arguments), zoned=name.endswith("tz"))
    if maker is postgresql.INTERVAL:
        return _interval(cursor, _numbers(arguments))
    if maker is postgresql.BIT:
        length = next(iter(_numbers(arguments)), None)
        return postgresql.BIT(length, varying=name in ("varbit", "bit varying"))
    return _generic(maker, _numbers(arguments))


def _time(cursor: Cursor, maker: Maker, numbers: list[int], *, zoned: bool) -> TypeEngine[Any]:
    zoned = cursor.accept("WITH", "TIME", "ZONE") or zoned
    cursor.accept("WITHOUT", "TIME", "ZONE")
    make: Callable[..., TypeEngine[Any]] = maker
    return make(timezone=zoned, precision=numbers[0] if numbers else None)


def _interval(cursor: Cursor, numbers: list[int]) -> TypeEngine[Any]:
    fields = []
    while cursor.at_any(_INTERVAL_WORDS):
        fields.append(cursor.word())
    if cursor.at("(") and fields:
        numbers = _numbers(cursor.group())
    return postgresql.INTERVAL(fields=" ".join(fields) or None, precision=numbers[0] if numbers else None)


def _array(cursor: Cursor, element: TypeEngine[Any]) -> TypeEngine[Any]:
    dimensions = 0
    if cursor.accept("ARRAY"):
        dimensions = 1
    while cursor.at("["):
        cursor.group()
        dimensions = max(dimensions, 0) + 1
    if not dimensions:
        return element
    return postgresql.ARRAY(element, dimensions=dimensions if dimensions > 1 else None)


def _mysql(cursor: Cursor, maker: Maker, arguments: Cursor | None) -> TypeEngine[Any]:
    make: Callable[..., TypeEngine[Any]] = maker
    if maker in (mysql.ENUM, mysql.SET):
        values = [item.string() for item in arguments.items()] if arguments else []
        return make(*values, **_character_set(cursor))
    numbers = _numbers(arguments)
    if issubclass(maker, sa.Boolean):
        return make()
    if issubclass(maker, (sa.Integer, sa.Numeric)):
        return make(*numbers, **_signs(cursor))
    if issubclass(maker, (mysql.DATETIME, mysql.TIMESTAMP, mysql.TIME)):
        return make(fsp=numbers[0]) if numbers else make()
    if issubclass(maker, sa.String):
        return make(*numbers, **_character_set(cursor))
    return _generic(maker, numbers)


def _signs(cursor: Cursor) -> dict[str, Any]:
    words = set()
    while word := cursor.accept_any(*_NUMBER_WORDS):
        words.add(word)
    return {word.lower(): True for word in words - {"SIGNED"}}


def _character_set(cursor: Cursor) -> dict[str, Any]:
    said: dict[str, Any] = {}
    while not cursor.done:
        if cursor.accept("CHARACTER", "SET") or cursor.accept("CHARSET"):
            said["charset"] = _word_or_string(cursor)
        elif cursor.accept("COLLATE"):
            said["collation"] = _word_or_string(cursor)
        elif cursor.accept("BINARY"):
            said["binary"] = True
        elif cursor.accept("ASCII"):
            said["charset"] = "latin1"
        else:
            break
    return said


def _word_or_string(cursor: Cursor) -> str:
    cursor.accept("=")
    return cursor.string() if cursor.token().kind is Kind.STRING else cursor.name()
