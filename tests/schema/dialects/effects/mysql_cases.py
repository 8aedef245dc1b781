"""The changes that the MySQL and MariaDB catalogue is compared with servers for."""

from __future__ import annotations

from types import FunctionType
from typing import Any

import sqlalchemy as sa
from alembic.operations.ops import AddColumnOp, AlterColumnOp, CreateCheckConstraintOp, DropConstraintOp
from sqlalchemy.dialects import mysql as my

from app.schema.core import ops
from tests.schema.dialects.effects.cases import Change, op, sql

TABLES = {
    "p": """CREATE TABLE p (id BIGINT PRIMARY KEY, code VARCHAR(20) UNIQUE, o INT);
        INSERT INTO p VALUES (1, 'a', 1), (2, 'b', 1)""",
    "t": """CREATE TABLE t (
            id BIGINT PRIMARY KEY, a INT, b INT NOT NULL DEFAULT 1, s VARCHAR(20), sn VARCHAR(20) NOT NULL,
            s31 VARCHAR(31), s32 VARCHAR(32), s63 VARCHAR(63), s64 VARCHAR(64),
            l100 VARCHAR(100) CHARACTER SET latin1, l200 VARCHAR(200) CHARACTER SET latin1, ix VARCHAR(20), one INT,
            two INT, tx TEXT, d DECIMAL(10,2), e ENUM('a','b'), st SET('a','b'), dt DATETIME, fl FLOAT, pid BIGINT,
            c10 CHAR(10), u3 VARCHAR(20) CHARACTER SET utf8mb3, vb VARBINARY(20), KEY t_ix (ix),
            KEY t_two (one, two), UNIQUE KEY t_u (s32), CONSTRAINT t_ck CHECK (a >= 0)
        ) CHARACTER SET utf8mb4;
        INSERT INTO t (id, a, s, sn, e, pid) VALUES (1, 1, 's', 's', 'a', 1), (2, 1, 's', 's', 'b', 2)""",
    "v": "CREATE TABLE v (id BIGINT PRIMARY KEY, a INT, g INT AS (a + 1) VIRTUAL); INSERT INTO v (id, a) VALUES (1, 1)",
    "iv": """CREATE TABLE iv (id BIGINT PRIMARY KEY, a INT, g INT AS (a + 1) VIRTUAL, KEY iv_g (g));
        INSERT INTO iv (id, a) VALUES (1, 1)""",
    "sg": """CREATE TABLE sg (id BIGINT PRIMARY KEY, a INT, g INT AS (a + 1) STORED);
        INSERT INTO sg (id, a) VALUES (1, 1)""",
    "ft": """CREATE TABLE ft (id BIGINT PRIMARY KEY, a INT, tx TEXT, FULLTEXT KEY ft_tx (tx));
        INSERT INTO ft VALUES (1, 1, 'x')""",
    "sp": "CREATE TABLE sp (id BIGINT PRIMARY KEY, g POINT NOT NULL); INSERT INTO sp VALUES (1, POINT(1, 1))",
    "rc": "CREATE TABLE rc (id BIGINT PRIMARY KEY, a INT) ROW_FORMAT=COMPRESSED; INSERT INTO rc VALUES (1, 1)",
    "c": """CREATE TABLE c (id BIGINT PRIMARY KEY, pid BIGINT, CONSTRAINT c_p FOREIGN KEY (pid) REFERENCES p (id));
        INSERT INTO c VALUES (1, 1), (2, 2)""",
    "counted": "CREATE TABLE counted (id BIGINT PRIMARY KEY AUTO_INCREMENT); INSERT INTO counted VALUES (1)",
    "nopk": "CREATE TABLE nopk (id BIGINT NOT NULL, v INT, w TEXT); INSERT INTO nopk (id) VALUES (1), (2)",
    "pt": """CREATE TABLE pt (id INT PRIMARY KEY, v INT) PARTITION BY RANGE (id)
            (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20));
        INSERT INTO pt VALUES (1, 1), (11, 1)""",
}


BOTH = ("mariadb", "mysql")


def add(id_: str, *column: Any, on: str = "t", engines: tuple[str, ...] = BOTH, **more: Any) -> Change:
    """A column is built anew for each server: what is attached to one cannot be attached to another."""

    def write(o: Any) -> None:
        parts = [part() if isinstance(part, FunctionType) else part for part in column]
        o.add_column(on, sa.Column("x", *parts, **more))

    return op(f"add column {id_}", write, engines=engines)


def retype(column: str, type_: Any, **more: Any) -> Change:
    return op(f"{column} becomes {type_!r}", lambda o: o.alter_column("t", column, type_=type_, **more))


def text(length: int, **more: Any) -> my.VARCHAR:
    return my.VARCHAR(length, **more)


ADDED = [
    add("nullable", sa.Integer),
    add("not null", sa.Integer, nullable=False),
    add("constant default", sa.Integer, nullable=False, server_default="5"),
    add("current_timestamp", sa.DateTime, server_default=sa.text("CURRENT_TIMESTAMP")),
    add("now()", sa.DateTime, server_default=sa.func.now()),
    add("number", sa.Numeric(5, 1), server_default=sa.text("0.5")),
    sql("ALTER TABLE t ADD COLUMN x DATETIME DEFAULT NOW()",
        AddColumnOp("t", sa.Column("x", sa.DateTime, server_default=sa.text("NOW()"))), source="sql"),
    add("timestamp on update", sa.TIMESTAMP, nullable=False,
        server_default=sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")),
    add("text", sa.Text), add("enum", sa.Enum("a", "b", name="e"), server_default="a"), add("boolean", sa.Boolean),
    add("comment", sa.Integer, comment="x"),
    add("constant expression", sa.Integer, server_default=sa.text("(1 + 2)")),
    add("expression of functions", sa.String(20), server_default=sa.text("(concat('a', 'b'))")),
    add("expression of today", sa.Date, server_default=sa.text("(curdate())")),
    add("expression of json", sa.Text, server_default=sa.text("(json_array())")),
    add("expression of another column", sa.Integer, server_default=sa.text("(b + 1)")),
    add("default uuid()", sa.String(60), server_default=sa.text("(uuid())")),
    add("virtual", sa.Integer, lambda: sa.Computed("a + 1", persisted=False)),
    add("generated", sa.Integer, lambda: sa.Computed("a + 1")),
    add("stored", sa.Integer, lambda: sa.Computed("a + 1", persisted=True)),
    add("check", sa.Integer, lambda: sa.CheckConstraint("x > 0")),
    add("checked boolean", lambda: sa.Boolean(create_constraint=True, name="x_is_boolean")),
    add("foreign key", sa.BigInteger, lambda: sa.ForeignKey("p.id")),
    add("unique", sa.Integer, unique=True), add("index", sa.Integer, index=True),
    add("to a table with a virtual column", sa.Integer, on="v"),
    add("to a table with an indexed virtual column", sa.Integer, on="iv"),
    add("to a table with a fulltext index", sa.Integer, on="ft"),
    add("to a compressed table", sa.Integer, on="rc"), add("to a partitioned table", sa.Integer, on="pt"),
    add("to a parent", sa.Integer, on="p"),
    sql("ALTER TABLE nopk ADD COLUMN x INT AUTO_INCREMENT UNIQUE", AddColumnOp(
        "nopk", sa.Column("x", sa.Integer, autoincrement=True, unique=True, nullable=False)), source="sql"),
    sql("ALTER TABLE nopk ADD COLUMN x INT AUTO_INCREMENT PRIMARY KEY", AddColumnOp(
        "nopk", sa.Column("x", sa.Integer, autoincrement=True, primary_key=True)), source="sql"),
    sql("ALTER TABLE t ADD COLUMN x INT UNIQUE", AddColumnOp("t", sa.Column("x", sa.Integer, unique=True)),
        source="sql"),
    sql("ALTER TABLE t ADD COLUMN x INT FIRST", AddColumnOp("t", sa.Column("x", sa.Integer)),
        clauses={"position": "FIRST"}),
    sql("ALTER TABLE t ADD COLUMN x INT AFTER a", AddColumnOp("t", sa.Column("x", sa.Integer)),
        clauses={"position": "AFTER a"}),
    sql("ALTER TABLE v ADD COLUMN x INT FIRST", AddColumnOp("v", sa.Column("x", sa.Integer)),
        clauses={"position": "FIRST"}),
    sql("ALTER TABLE c ADD COLUMN x BIGINT REFERENCES p (id)", AddColumnOp(
        "c", sa.Column("x", sa.BigInteger, sa.ForeignKey("p.id")), inline_references=True)),
]  # fmt: skip
PER_ROW = [
    add(f"default {call}", sa.String(60), server_default=sa.text(f"({call})"), engines=("mariadb",))
    for call in (
        "uuid()",
        "uuid_short()",
        "sysdate()",
        "utc_timestamp()",
        "sys_guid()",
        "concat(uuid(), 'x')",
    )
]
ONCE = [
    add(f"default {call}", sa.String(60), server_default=sa.text(f"({call})"), engines=("mariadb",))
    for call in ("rand()", "md5(rand())", "unix_timestamp()", "current_user()", "connection_id()")
]
DROPPED = [
    op("drop column", lambda o: o.drop_column("t", "s")),
    op("drop indexed column", lambda o: o.drop_column("t", "ix")),
    op("drop column of a composite index", lambda o: o.drop_column("t", "one")),
    op("drop virtual column", lambda o: o.drop_column("v", "g")),
    op("drop stored column", lambda o: o.drop_column("sg", "g")),
    op("drop indexed virtual column", lambda o: o.drop_column("iv", "g"), engines=("mariadb",)),
    op("drop column of a table with a fulltext index", lambda o: o.drop_column("ft", "a")),
    op("drop column of a compressed table", lambda o: o.drop_column("rc", "a")),
    op("drop column of a partitioned table", lambda o: o.drop_column("pt", "v")),
    op("rename table", lambda o: o.rename_table("t", "t_new")),
]
ALTERED = [
    op("rename column", lambda o: o.alter_column("t", "s", new_column_name="z", existing_type=sa.String(20))),
    op("rename indexed column", lambda o: o.alter_column("t", "ix", new_column_name="z", existing_type=sa.String(20))),
    op("rename referenced column", lambda o: o.alter_column(
        "p", "id", new_column_name="z", existing_type=sa.BigInteger, existing_nullable=False)),
    op("rename and widen", lambda o: o.alter_column("t", "s", new_column_name="z", type_=sa.String(30))),
    op("rename and widen far", lambda o: o.alter_column("t", "s", new_column_name="z", type_=sa.String(200))),
    op("set default", lambda o: o.alter_column("t", "s", server_default="x")),
    op("drop default", lambda o: o.alter_column("t", "b", server_default=None)),
    op("comment", lambda o: o.alter_column("t", "s", comment="x", existing_type=sa.String(20))),
    op("set not null", lambda o: o.alter_column("t", "s", nullable=False, existing_type=sa.String(20))),
    op("set not null with a check", lambda o: o.alter_column("t", "a", nullable=False, existing_type=sa.Integer)),
    op("set not null beside a stored column", lambda o: o.alter_column(
        "sg", "a", nullable=False, existing_type=sa.Integer)),
    op("set not null where it is", lambda o: o.alter_column("t", "sn", nullable=False, existing_type=sa.String(20))),
    op("drop not null", lambda o: o.alter_column("t", "sn", nullable=True, existing_type=sa.String(20))),
    op("set not null with another type", lambda o: o.alter_column(
        "t", "s", nullable=False, existing_type=sa.String(10))),
    sql("ALTER TABLE t MODIFY s VARCHAR(20) AFTER a", AlterColumnOp("t", "s", modify_type=sa.String(20)),
        clauses={"position": "AFTER a"}),
    sql("ALTER TABLE t MODIFY id BIGINT AUTO_INCREMENT",
        AlterColumnOp("t", "id", modify_type=sa.BigInteger(), mysql_autoincrement=True)),
    sql("ALTER TABLE counted MODIFY id BIGINT AUTO_INCREMENT COMMENT 'x'", AlterColumnOp(
        "counted", "id", modify_type=sa.BigInteger(), modify_comment="x", mysql_autoincrement=True)),
    sql("ALTER TABLE counted MODIFY id INT AUTO_INCREMENT", AlterColumnOp(
        "counted", "id", modify_type=sa.Integer(), mysql_autoincrement=True)),
    retype("s", sa.String(20), existing_nullable=True), retype("s", sa.String(30)), retype("s", sa.String(63)),
    retype("s", sa.String(64)), retype("s31", sa.String(64)), retype("s31", sa.String(300)),
    retype("s32", sa.String(64)), retype("s63", sa.String(64)), retype("s64", sa.String(200)),
    retype("l100", text(127, charset="latin1")), retype("l100", text(200, charset="latin1")),
    retype("l100", text(256, charset="latin1")), retype("l200", text(256, charset="latin1")),
    retype("ix", sa.String(40)), retype("ix", sa.String(70)), retype("vb", sa.VARBINARY(40)),
    retype("s", sa.String(10)), retype("s", sa.Text), retype("s", sa.CHAR(20)), retype("c10", sa.CHAR(20)),
    retype("c10", sa.String(10)), retype("tx", my.MEDIUMTEXT), retype("tx", sa.String(200)),
    retype("a", sa.BigInteger), retype("a", my.INTEGER(unsigned=True)), retype("a", sa.SmallInteger),
    retype("a", my.INTEGER(display_width=5)), retype("d", sa.Numeric(12, 2)), retype("d", sa.Numeric(12, 4)),
    retype("dt", my.DATETIME(fsp=6)), retype("dt", sa.TIMESTAMP), retype("fl", my.DOUBLE), retype("a", sa.String(20)),
    retype("e", my.ENUM("a", "b", "c")), retype("e", my.ENUM("a", "c", "b")), retype("e", my.ENUM("b", "a")),
    retype("e", sa.String(10)), retype("st", my.SET("a", "b", "c")),
    retype("st", my.SET(*"abcdefghi")), retype("s", text(20, charset="latin1")),
    retype("s", text(20, collation="utf8mb4_bin")), retype("ix", text(20, collation="utf8mb4_bin")),
    retype("u3", text(20, charset="utf8mb4")),
]  # fmt: skip
CONSTRAINED = [
    op("create index", lambda o: o.create_index("i", "t", ["s"])),
    op("create unique index", lambda o: o.create_index("i", "t", ["id", "s"], unique=True)),
    # MySQL does not list the indexes of partitions, so that it cannot be seen whether one was built.
    op("create index on a partitioned table", lambda o: o.create_index("i", "pt", ["v"]), engines=("mariadb",)),
    op("create fulltext index", lambda o: o.create_index("i", "t", ["tx"], mysql_prefix="FULLTEXT")),
    op("create second fulltext index", lambda o: o.create_index("i", "ft", ["tx"], mysql_prefix="FULLTEXT")),
    op("create spatial index", lambda o: o.create_index("i", "sp", ["g"], mysql_prefix="SPATIAL")),
    op("drop index", lambda o: o.drop_index("t_ix", "t")),
    sql("ALTER TABLE t RENAME INDEX t_ix TO t_iy", ops.RenameIndexOp("t_ix", "t_iy", "t")),
    op("unique", lambda o: o.create_unique_constraint("u", "t", ["s", "id"])),
    op("drop unique", lambda o: o.drop_constraint("t_u", "t", type_="unique")),
    op("primary key", lambda o: o.create_primary_key("k", "nopk", ["id"])),
    op("drop primary key", lambda o: o.drop_constraint("PRIMARY", "t", type_="primary")),
    op("foreign key", lambda o: o.create_foreign_key("f", "t", "p", ["pid"], ["id"])),
    op("drop foreign key", lambda o: o.drop_constraint("c_p", "c", type_="foreignkey")),
    op("check", lambda o: o.create_check_constraint("k", "t", "b > 0")),
    op("drop check", lambda o: o.drop_constraint("t_ck", "t", type_="check")),
    sql("ALTER TABLE t DROP CONSTRAINT t_ck", DropConstraintOp("t_ck", "t")),
    sql("ALTER TABLE t ADD CONSTRAINT k CHECK (b > 0) NOT ENFORCED", CreateCheckConstraintOp("k", "t", "b > 0"),
        clauses={"not_enforced": ""}, engines=("mysql",)),
]  # fmt: skip
OPTIONS = [
    sql(f"ALTER TABLE nopk {action}", ops.TableOptionOp("nopk", None, option, value))
    for action, option, value in [
        ("ENGINE=InnoDB", "engine", "InnoDB"), ("ENGINE=MyISAM", "engine", "MyISAM"), ("FORCE", "force", None),
        ("ROW_FORMAT=COMPRESSED", "row format", "COMPRESSED"), ("AUTO_INCREMENT=1000", "auto_increment", "1000"),
        ("COMMENT='x'", "comment", "x"), ("DEFAULT CHARACTER SET latin1", "charset", "latin1"),
        ("CONVERT TO CHARACTER SET latin1", "convert charset", "latin1"),
        ("PARTITION BY HASH(id) PARTITIONS 4", "partition", None)]
] + [
    sql(f"ALTER TABLE nopk {option}={value}", ops.TableOptionOp("nopk", None, "other", f"{option} {value}"),
        engines=("mariadb",))
    for option, value in [
        ("AVG_ROW_LENGTH", "10"), ("CHECKSUM", "1"), ("DELAY_KEY_WRITE", "1"), ("MAX_ROWS", "9"), ("PACK_KEYS", "1"),
        ("STATS_AUTO_RECALC", "1"), ("STATS_PERSISTENT", "1"), ("STATS_SAMPLE_PAGES", "9"), ("KEY_BLOCK_SIZE", "8")]
]  # fmt: skip
CHANGES = [*ADDED, *PER_ROW, *ONCE, *DROPPED, *ALTERED, *CONSTRAINED, *OPTIONS]
