"""Columns of every type that SQLAlchemy has for an engine: a server writes types in its own way."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.types import TypeEngine

from app.schema.core.outcome import Outcome

from .asking import Bench

POSTGRESQL = (
    sa.Integer(), sa.BigInteger(), sa.SmallInteger(), sa.Boolean(), sa.Numeric(), sa.Numeric(10), sa.Numeric(10, 3),
    sa.Float(), sa.Float(10), sa.Float(53), sa.REAL(), sa.Double(), sa.String(), sa.String(1), sa.Unicode(9), sa.Text(),
    sa.CHAR(), sa.CHAR(7), sa.String(5, collation="C"), sa.Date(), sa.DateTime(), sa.DateTime(timezone=True),
    sa.Time(), sa.Time(timezone=True), sa.Interval(), sa.LargeBinary(), sa.JSON(), sa.Uuid(),
    sa.Uuid(native_uuid=False), sa.Enum("a", "b", name="native"), sa.ARRAY(sa.Integer()),
    sa.Enum("a", "b", native_enum=False),
    sa.ARRAY(sa.String(5), dimensions=2), postgresql.JSONB(), postgresql.INET(), postgresql.CIDR(),
    postgresql.MACADDR(), postgresql.MACADDR8(), postgresql.TSVECTOR(), postgresql.BIT(5), postgresql.BIT(varying=True),
    postgresql.BIT(5, varying=True), postgresql.MONEY(), postgresql.OID(), postgresql.INT4RANGE(),
    postgresql.TSTZMULTIRANGE(), postgresql.TIMESTAMP(precision=3), postgresql.TIMESTAMP(timezone=True, precision=0),
    postgresql.TIME(precision=3), postgresql.INTERVAL(fields="DAY TO SECOND", precision=2), postgresql.BYTEA(),
    postgresql.REGCLASS(), postgresql.DOMAIN("positive", sa.Integer()), postgresql.ENUM("x", name="Big One"),
)  # fmt: skip
MYSQL = (
    sa.Integer(), sa.BigInteger(), sa.SmallInteger(), sa.Boolean(), sa.Numeric(), sa.Numeric(10), sa.Numeric(10, 3),
    sa.Float(), sa.Float(10), sa.Float(53), sa.Double(), sa.String(1), sa.String(300), sa.Unicode(9), sa.Text(),
    sa.Text(100), sa.Text(100000), sa.CHAR(), sa.CHAR(7), sa.Date(), sa.DateTime(), sa.Time(), sa.Interval(),
    sa.LargeBinary(), sa.LargeBinary(100), sa.JSON(), sa.Uuid(), sa.Uuid(native_uuid=False), sa.Enum("a", "b'c"),
    sa.Enum("a", "b", native_enum=False), mysql.TINYINT(1), mysql.TINYINT(unsigned=True), mysql.MEDIUMINT(5),
    mysql.BIGINT(20, unsigned=True, zerofill=True), mysql.DECIMAL(5, 2, unsigned=True), mysql.DOUBLE(10, 2),
    mysql.FLOAT(7, 3), mysql.REAL(), mysql.BIT(3), mysql.YEAR(), mysql.YEAR(4), mysql.SET("a", "b"), mysql.TINYTEXT(),
    mysql.MEDIUMTEXT(charset="latin1"), mysql.LONGTEXT(collation="utf8mb4_bin"), mysql.NCHAR(5), mysql.NVARCHAR(5),
    mysql.VARCHAR(5, binary=True), mysql.TIMESTAMP(fsp=6), mysql.DATETIME(fsp=3), mysql.TIME(fsp=3), sa.BINARY(5),
    sa.VARBINARY(500), mysql.TINYBLOB(), mysql.LONGBLOB(),
)  # fmt: skip
SQLITE = (
    sa.Integer(), sa.BigInteger(), sa.Boolean(), sa.Numeric(10, 3), sa.Float(), sa.String(), sa.String(9), sa.Text(),
    sa.CHAR(7), sa.Date(), sa.DateTime(), sa.Time(), sa.Interval(), sa.LargeBinary(), sa.JSON(), sa.Uuid(),
    sa.Enum("a", "b"),
)  # fmt: skip
TYPES: dict[str, tuple[TypeEngine, ...]] = {"postgresql": POSTGRESQL, "mariadb": MYSQL, "sqlite": SQLITE}
NAMES = ("native", "Big One", "positive")


def test_column_of_each_type_is_found_when_it_is_there(engine_name: str, here: Bench) -> None:
    with Operations.context(MigrationContext.configure(here.changing)) as op:
        op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True))
        for number, type_ in enumerate(TYPES[engine_name]):
            if getattr(type_, "name", None) in NAMES:
                type_.create(here.changing)
            column = sa.Column(f"c{number}", type_, nullable=engine_name == "sqlite")
            sql = f"ALTER TABLE t ADD COLUMN {definition(here, column)}"
            here.changing.exec_driver_sql(sql)

            verdict = here.ask(sql)

            assert verdict.outcome is Outcome.DONE, (sql, verdict)


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_change_to_each_type_is_done_after_it_and_not_before(here: Bench) -> None:
    for number, type_ in enumerate(POSTGRESQL):
        if getattr(type_, "name", None) in NAMES:
            type_.create(here.changing)
        column = sa.Column(f"c{number}", type_)
        name, spelled = definition(here, column).split(" ", 1)
        here.run(f"CREATE TABLE t{number} ({name} point)")

        cast = spelled.partition(" COLLATE")[0]

        asked = here.asked_around(
            f"ALTER TABLE t{number} ALTER {name} TYPE {spelled} USING {name}::text::{cast}"
        )

        assert asked.before.outcome is Outcome.NOT_DONE, str(asked)
        assert asked.after.outcome in (Outcome.DONE, Outcome.REPEATABLE), str(asked)


def definition(here: Bench, column: sa.Column) -> str:
    dialect = here.changing.dialect
    return dialect.ddl_compiler(dialect, None).get_column_specification(column)
