from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from app.schema.core.narrowing import narrows
from app.schema.core.server import Server
from app.schema.core.types import describe, parse

POSTGRESQL, MYSQL = Server.parse("postgresql:15"), Server.parse("mysql:8.4")
CUTS = [
    ("varchar(50)", "varchar(20)"), ("text", "varchar(20)"), ("varchar", "char(3)"), ("text", "integer"),
    ("bigint", "integer"), ("integer", "smallint"), ("numeric", "numeric(10,2)"), ("numeric(10,2)", "numeric(10,1)"),
    ("numeric(10,2)", "numeric(8,2)"), ("numeric(10,2)", "integer"), ("double precision", "real"), ("real", "integer"),
    ("bigint", "double precision"), ("integer", "numeric(8,2)"), ("integer", "varchar(5)"), ("boolean", "varchar(4)"),
    ("timestamptz", "timestamp"), ("timestamp", "date"), ("timestamp", "timestamp(3)"),
    ("timestamp(6)", "timestamp(3)"), ("uuid", "varchar(32)"), ("text[]", "text[][]"),
    ("integer", "boolean"), ("bit varying(8)", "bit varying(4)"),
]  # fmt: skip
KEEPS = [
    ("varchar(20)", "varchar(50)"), ("varchar(20)", "text"), ("varchar", "text"), ("text", "varchar"),
    ("smallint", "integer"), ("integer", "bigint"), ("integer", "numeric"), ("integer", "numeric(12,2)"),
    ("numeric(10,2)", "numeric(12,2)"), ("numeric(10,2)", "numeric"), ("real", "double precision"),
    ("integer", "double precision"), ("numeric(8,0)", "integer"), ("integer", "varchar(11)"), ("uuid", "text"),
    ("date", "timestamp"), ("timestamp", "timestamptz"), ("timestamp(3)", "timestamp"), ("json", "jsonb"),
    ("cidr", "inet"), ("boolean", "integer"), ("uuid", "char(36)"), ("mood", "temper"), ("text[]", "text"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), CUTS)
def test_values_may_not_fit(old: str, new: str) -> None:
    assert narrows(parse(old, POSTGRESQL), parse(new, POSTGRESQL))


@pytest.mark.parametrize(("old", "new"), KEEPS)
def test_every_value_fits(old: str, new: str) -> None:
    assert not narrows(parse(old, POSTGRESQL), parse(new, POSTGRESQL))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("int", "int unsigned", True),
        ("int unsigned", "int", True),
        ("int unsigned", "bigint", False),
        ("int(11)", "int(5)", False),
        ("mediumtext", "text", True),
        ("text", "mediumtext", False),
        ("datetime(6)", "datetime", True),
        ("datetime", "datetime(6)", False),
        ("datetime", "timestamp", True),
        ("enum('a','b')", "enum('a','b','c')", False),
        ("enum('a','b')", "enum('a')", True),
        ("enum('a','long')", "varchar(3)", True),
        ("decimal", "decimal(12,2)", False),
        ("blob", "tinyblob", True),
    ],
)
def test_types_of_mysql_are_compared(old: str, new: str, expected: bool) -> None:
    assert narrows(parse(old, MYSQL), parse(new, MYSQL)) is expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (sa.Enum("a", "b", name="e"), sa.Enum("a", name="e"), True),
        (sa.Enum("a", "b", name="e"), sa.Enum("a", "b", "c", name="f"), False),
        (sa.String(20), sa.String(20, collation="C"), False),
        (None, sa.String(20), False),
        (sa.types.NullType(), sa.String(20), False),
        (sa.String(20), sa.Integer, True),
    ],
)
def test_types_of_sqlalchemy_are_compared(old: object, new: object, expected: bool) -> None:
    assert narrows(describe(old, POSTGRESQL), describe(new, POSTGRESQL)) is expected  # type: ignore[arg-type]


class Unfinished(sa.types.UserDefinedType[str]):
    """A type as a broken library, or a stand-in for one that is not there, leaves it."""

    def get_col_spec(self) -> object:
        return object()


@pytest.mark.parametrize("type_", [Unfinished(), sa.types.NullType(), object(), sa.types.UserDefinedType()])
def test_type_that_cannot_be_said_is_unknown(type_: object) -> None:
    assert describe(type_, POSTGRESQL) is None  # type: ignore[arg-type]


def test_spellings_of_mysql_are_one_type() -> None:
    assert describe(mysql.INTEGER(11), MYSQL) == parse("int", MYSQL)
    assert parse("boolean", MYSQL) == parse("tinyint(1)", MYSQL)
