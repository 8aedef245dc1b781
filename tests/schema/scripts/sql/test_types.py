from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from app.schema.core.named_type import NamedType
from app.schema.scripts.sql import sql_type

from .cases import SERVERS
from .describe import type_

GENERIC = [
    sa.String(50),
    sa.String(255),
    sa.Text(),
    sa.Integer(),
    sa.BigInteger(),
    sa.SmallInteger(),
    sa.Boolean(),
    sa.Numeric(10, 2),
    sa.Float(),
    sa.Double(),
    sa.Date(),
    sa.DateTime(),
    sa.DateTime(timezone=True),
    sa.Time(),
    sa.LargeBinary(),
    sa.JSON(),
    sa.Uuid(),
    sa.CHAR(3),
]
OWN = {
    "postgresql": [
        sa.Interval(),
        sa.ARRAY(sa.Integer),
        postgresql.ARRAY(sa.Text, dimensions=2),
        postgresql.JSONB(),
        postgresql.INET(),
        postgresql.CITEXT(),
        postgresql.TSVECTOR(),
        postgresql.TSTZRANGE(),
        postgresql.BIT(3),
        postgresql.BIT(8, varying=True),
        postgresql.TIMESTAMP(timezone=True, precision=3),
        postgresql.INTERVAL(fields="DAY TO SECOND", precision=3),
    ],
    "mysql": [
        sa.Enum("a", "b"),
        mysql.TINYINT(1),
        mysql.INTEGER(unsigned=True),
        mysql.DATETIME(fsp=6),
        mysql.LONGTEXT(collation="utf8mb4_bin"),
        mysql.VARCHAR(10, charset="latin1"),
        mysql.SET("a", "b"),
        mysql.YEAR(),
        mysql.DECIMAL(10, 2, unsigned=True),
    ],
    "mariadb": [sa.Enum("a", "b"), mysql.MEDIUMINT(), mysql.DOUBLE()],
    "sqlite": [],
}
PAIRS = [(engine, item) for engine in SERVERS for item in GENERIC + OWN[engine]]


@pytest.mark.parametrize(("engine", "item"), PAIRS, ids=[f"{engine}-{item!r}" for engine, item in PAIRS])
def test_rendered_type_is_read_back(engine: str, item: Any) -> None:
    server = SERVERS[engine]
    rendered = type_(item, server)
    assert type_(sql_type(rendered, server), server) == rendered


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("varchar(50)", sa.String),
        ("int4", sa.Integer),
        ("bigserial", sa.BigInteger),
        ("timestamptz", sa.DateTime),
        ("bool", sa.Boolean),
        ("pg_catalog.int8", sa.BigInteger),
        ("double precision", sa.Float),
        ("numeric(10)", sa.Numeric),
        ("character varying(10)[]", postgresql.ARRAY),
        ("integer array", postgresql.ARRAY),
    ],
)
def test_type_has_the_class_that_rules_ask_for(text: str, kind: type[Any]) -> None:
    assert isinstance(sql_type(text, SERVERS["postgresql"]), kind)


@pytest.mark.parametrize("text", ["mood", "app.mood", "geometry(Point, 4326)", "what is this", ""])
def test_type_that_is_not_built_in_keeps_its_name(text: str) -> None:
    found = sql_type(text, SERVERS["postgresql"])
    assert isinstance(found, NamedType)
    assert type_(found, SERVERS["postgresql"]) == text
