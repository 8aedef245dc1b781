"""How the functions in a column's default behave: one value for the whole statement, or another for each row.

PostgreSQL keeps the volatility of its functions in `pg_proc.provolatile`; a test compares these tables with it.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import Computed, DefaultClause, Identity, Sequence
from sqlalchemy.sql.elements import ClauseElement

from .types import dialect_of

if TYPE_CHECKING:
    from .server import Server


class Volatility(IntEnum):
    """How an expression behaves within one statement, from the harmless to the dangerous.

    CONSTANT: always the same value. STABLE: one value for each statement. UNKNOWN: calls a function that is not
    known here. VOLATILE: a value of its own for each row.
    """

    CONSTANT = 0
    STABLE = 1
    UNKNOWN = 2
    VOLATILE = 3


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


POSTGRESQL_VOLATILE = _words(
    """
    clock_timestamp currval gen_random_uuid lastval nextval random set_config setval timeofday txid_status
    """
)
# Of the extensions that come with PostgreSQL, and of version 18.
_VOLATILE_ELSEWHERE = _words(
    """
    gen_random_bytes gen_salt pg_sleep random_normal uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4
    uuidv4 uuidv7
    """
)
POSTGRESQL_STABLE = _words(
    """
    age array_to_json array_to_string concat concat_ws current_database current_schema current_setting format
    json_build_array json_build_object jsonb_build_array jsonb_build_object make_timestamptz now
    statement_timestamp to_char to_date to_json to_jsonb to_number to_timestamp to_tsquery
    transaction_timestamp txid_current version date_part date_trunc timezone to_tsvector
    """
)
POSTGRESQL_IMMUTABLE = _words(
    """
    abs array_append array_cat array_fill array_length array_prepend ascii btrim ceil ceiling char_length chr
    decode encode floor initcap int4range int8range json_object jsonb_object jsonb_set left lower lpad
    ltrim make_date make_interval make_time md5 mod numrange power regexp_replace repeat replace reverse right
    round rpad rtrim sha256 sign split_part sqrt string_to_array substr substring translate trunc upper
    """
)
_MYSQL_VOLATILE = _words(
    """
    uuid uuid_short uuid_v4 uuid_v7 rand random_bytes sysdate sys_guid nextval sleep
    """
)
_MYSQL_STABLE = _words(
    """
    now current_timestamp localtime localtimestamp curdate current_date curtime current_time utc_timestamp
    utc_date utc_time unix_timestamp user current_user session_user database schema connection_id version
    """
)
_MYSQL_IMMUTABLE = _words(
    """
    abs ascii bin_to_uuid ceil ceiling char char_length concat concat_ws conv date date_add date_sub floor
    from_unixtime hex json_array json_object json_extract json_quote left lower lpad ltrim md5 mod pow
    power repeat replace reverse right round rpad rtrim sha1 sha2 sign sqrt str_to_date substr substring trim
    truncate unhex upper uuid_to_bin year month day if ifnull nullif point st_geomfromtext
    """
)
# Words that stand before a parenthesis without being a function of anybody: syntax and types.
_SYNTAX = _words(
    """
    array cast coalesce extract greatest in least nullif overlay position row trim values and or not case when
    then else default as interval time timestamp varchar character char numeric decimal bit varying varbit
    float collate exists any all some is between
    """
)
_STABLE_WORDS = _words(
    """
    current_timestamp current_date current_time localtime localtimestamp current_user session_user user
    current_role current_catalog current_schema
    """
)
_QUOTED = re.compile(r"'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$", re.DOTALL)
_CALL = re.compile(
    r"(?P<cast>::\s*)?(?P<name>\"?[a-z_][\w$]*\"?(?:\s*\.\s*\"?[a-z_][\w$]*\"?)?)\s*\(", re.IGNORECASE
)
_WORD = re.compile(r"[a-z_]\w*", re.IGNORECASE)


def default_sql(default: Any, server: Server) -> str | None:
    """Return a server default as SQL, None if there is none or if it is not an expression.

    :param default: what a `Column.server_default` or the `server_default` of an operation may be.
    """
    value = default.arg if isinstance(default, DefaultClause) else default
    if value is None or value is False or isinstance(value, (Computed, Identity)):
        return None
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, Sequence):
        return f"nextval('{value.name}')"
    return _compiled(value, server)


def _compiled(value: Any, server: Server) -> str:
    if not isinstance(value, ClauseElement):
        return str(value)
    try:
        return str(value.compile(dialect=dialect_of(server), compile_kwargs={"literal_binds": True}))
    except (SQLAlchemyError, NotImplementedError):
        return str(value)


def volatility(
    default: Any, server: Server, volatile: frozenset[str] = frozenset(), stable: frozenset[str] = frozenset()
) -> Volatility:
    """Return how a server default behaves, given as SQLAlchemy takes it.

    :param volatile: functions of the database's users that are known to be volatile; `stable` likewise.
    """
    sql = default_sql(default, server)
    if sql is None:
        return Volatility.CONSTANT
    return expression_volatility(sql, server, volatile, stable)


def expression_volatility(
    sql: str, server: Server, volatile: frozenset[str] = frozenset(), stable: frozenset[str] = frozenset()
) -> Volatility:
    """Return how an expression in SQL behaves: as its worst part does."""
    calls = [_of_call(name, server, volatile, stable) for name in called_functions(sql)]
    words = {word.lower() for word in named_in(sql)}
    return max([*calls, Volatility.STABLE if words & _STABLE_WORDS else Volatility.CONSTANT])


def called_functions(sql: str) -> tuple[str, ...]:
    """Return the names of the functions that an expression calls, with a schema where one is given."""
    bare = _QUOTED.sub("''", sql)
    names = (re.sub(r"[\s\"]", "", call["name"]).lower() for call in _CALL.finditer(bare) if not call["cast"])
    return tuple(name for name in names if name not in _SYNTAX | _STABLE_WORDS)


def named_in(sql: str) -> frozenset[str]:
    """Return all words of an expression that stand outside quotes: columns, functions, keywords."""
    return frozenset(_WORD.findall(_QUOTED.sub("''", sql)))


def unknown_functions(default: Any, server: Server) -> tuple[str, ...]:
    """Return the functions in a default whose volatility is not known here."""
    names = called_functions(default_sql(default, server) or "")
    none = frozenset[str]()
    return tuple(name for name in names if _of_call(name, server, none, none) is Volatility.UNKNOWN)


def _of_call(name: str, server: Server, volatile: frozenset[str], stable: frozenset[str]) -> Volatility:
    bare = name.removeprefix("pg_catalog.")
    # An extension stands in the schema that it was created in.
    if name in volatile or bare in _volatile(server) or bare.rpartition(".")[2] in _VOLATILE_ELSEWHERE:
        return Volatility.VOLATILE
    if name in stable or bare in _stable(server):
        return Volatility.STABLE
    known = POSTGRESQL_IMMUTABLE if server.engine == "postgresql" else _MYSQL_IMMUTABLE
    return Volatility.CONSTANT if bare in known else Volatility.UNKNOWN


def _volatile(server: Server) -> frozenset[str]:
    return POSTGRESQL_VOLATILE | _VOLATILE_ELSEWHERE if server.engine == "postgresql" else _MYSQL_VOLATILE


def _stable(server: Server) -> frozenset[str]:
    return POSTGRESQL_STABLE if server.engine == "postgresql" else _MYSQL_STABLE
