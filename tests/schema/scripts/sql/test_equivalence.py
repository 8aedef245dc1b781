"""A change as `op.…` and the SQL that Alembic writes for it have to become the same operation."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic.operations import Operations, ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import mysql, postgresql

from app.schema.scripts.sql import translate

from .cases import SERVERS
from .describe import operation, text, type_

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.schema.core.server import Server

EVERY = ("postgresql", "mysql", "mariadb", "sqlite")
ALTERING = ("postgresql", "mysql", "mariadb")
POSTGRESQL = ("postgresql",)
MYSQL = ("mysql", "mariadb")


@dataclass(frozen=True)
class Change:
    name: str
    engines: tuple[str, ...]
    make: Callable[[Operations], Any]


def _column(**options: Any) -> Callable[[Operations], Any]:
    type_of = options.pop("type_")
    return lambda op: op.add_column("t", sa.Column("a", type_of, **options))


def _alter(**options: Any) -> Callable[[Operations], Any]:
    return lambda op: op.alter_column("t", "a", **options)


def _table(*items: Callable[[], Any], **options: Any) -> Callable[[Operations], Any]:
    return lambda op: op.create_table("t", *(item() for item in items), **options)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer(), primary_key=True)


INT = sa.Integer()
CHANGES = [
    Change("add string", EVERY, _column(type_=sa.String(50))),
    Change("add text not null", EVERY, _column(type_=sa.Text(), nullable=False)),
    Change(
        "add with string default", EVERY, _column(type_=sa.String(9), server_default="it's", nullable=False)
    ),
    Change(
        "add with expression default",
        EVERY,
        _column(type_=sa.DateTime(), server_default=sa.text("CURRENT_TIMESTAMP")),
    ),
    Change("add with number default", EVERY, _column(type_=INT, server_default=sa.text("0"), nullable=False)),
    Change("add boolean", EVERY, _column(type_=sa.Boolean(), server_default=sa.false())),
    Change("add numeric", EVERY, _column(type_=sa.Numeric(12, 4))),
    Change("add timestamp with zone", EVERY, _column(type_=sa.DateTime(timezone=True))),
    Change("add json", EVERY, _column(type_=sa.JSON())),
    Change("add uuid", EVERY, _column(type_=sa.Uuid())),
    Change("add binary", EVERY, _column(type_=sa.LargeBinary())),
    Change(
        "add date and reserved name", EVERY, lambda op: op.add_column("order", sa.Column("Group", sa.Date()))
    ),
    Change("add in schema", ALTERING, lambda op: op.add_column("t", sa.Column("a", INT), schema="other")),
    Change("add enum", MYSQL, _column(type_=sa.Enum("x", "y'z"))),
    Change("add named enum", POSTGRESQL, _column(type_=sa.Enum("x", "y", name="mood"))),
    Change("add array", POSTGRESQL, _column(type_=postgresql.ARRAY(sa.Text()))),
    Change(
        "add computed",
        ALTERING,
        lambda op: op.add_column("t", sa.Column("a", INT, sa.Computed("b + 1", persisted=True))),
    ),
    Change(
        "add identity",
        POSTGRESQL,
        lambda op: op.add_column("t", sa.Column("a", INT, sa.Identity(always=True))),
    ),
    Change("add with comment", MYSQL, _column(type_=INT, comment="it's; a")),
    Change("add unsigned", MYSQL, _column(type_=mysql.BIGINT(unsigned=True), nullable=False)),
    Change(
        "add if not exists",
        POSTGRESQL,
        lambda op: op.add_column("t", sa.Column("a", INT), if_not_exists=True),
    ),
    Change("drop column", EVERY, lambda op: op.drop_column("t", "a")),
    Change("rename column", EVERY, _alter(new_column_name="b", existing_type=INT, existing_nullable=True)),
    Change(
        "change type", ALTERING, _alter(type_=sa.BigInteger(), existing_type=INT, existing_nullable=False)
    ),
    Change(
        "change type with default",
        MYSQL,
        _alter(
            type_=sa.String(99), existing_nullable=False, existing_server_default="x", existing_comment="c"
        ),
    ),
    Change("change type using", POSTGRESQL, _alter(type_=INT, postgresql_using="a::integer")),
    Change("set not null", ALTERING, _alter(nullable=False, existing_type=sa.String(5))),
    Change("drop not null", ALTERING, _alter(nullable=True, existing_type=sa.String(5))),
    Change("set default", ALTERING, _alter(server_default="x")),
    Change("set expression default", POSTGRESQL, _alter(server_default=sa.text("now()"))),
    Change("drop default", ALTERING, _alter(server_default=None)),
    Change("add identity to column", POSTGRESQL, _alter(server_default=sa.Identity())),
    Change("drop identity", POSTGRESQL, _alter(server_default=None, existing_server_default=sa.Identity())),
    Change("comment column", POSTGRESQL, _alter(comment="it's", existing_type=INT)),
    Change("create index", EVERY, lambda op: op.create_index("i", "t", ["a", "b"])),
    Change("create unique index", EVERY, lambda op: op.create_index("i", "t", ["a"], unique=True)),
    Change(
        "create index concurrently",
        POSTGRESQL,
        lambda op: op.create_index("i", "t", ["a"], postgresql_concurrently=True, if_not_exists=True),
    ),
    Change(
        "create partial index",
        POSTGRESQL,
        lambda op: op.create_index(
            "i", "t", [sa.text("lower(a)")], postgresql_where=sa.text("a > 'b:c'"), postgresql_using="gin"
        ),
    ),
    Change(
        "create covering index",
        POSTGRESQL,
        lambda op: op.create_index(
            "i", "t", ["a"], postgresql_include=["b"], postgresql_ops={"a": "text_ops"}
        ),
    ),
    Change("create prefix index", MYSQL, lambda op: op.create_index("i", "t", ["a"], mysql_length={"a": 10})),
    Change(
        "create fulltext index", MYSQL, lambda op: op.create_index("i", "t", ["a"], mysql_prefix="FULLTEXT")
    ),
    Change("drop index", EVERY, lambda op: op.drop_index("i", "t")),
    Change(
        "drop index concurrently",
        POSTGRESQL,
        lambda op: op.drop_index("i", "t", postgresql_concurrently=True, if_exists=True),
    ),
    Change("create unique", ALTERING, lambda op: op.create_unique_constraint("u", "t", ["a", "b"])),
    Change(
        "create deferrable unique",
        POSTGRESQL,
        lambda op: op.create_unique_constraint("u", "t", ["a"], deferrable=True, initially="DEFERRED"),
    ),
    Change("create primary key", ALTERING, lambda op: op.create_primary_key("p", "t", ["a", "b"])),
    Change("create check", ALTERING, lambda op: op.create_check_constraint("c", "t", "a > 0")),
    Change(
        "create check not valid",
        POSTGRESQL,
        lambda op: op.create_check_constraint("c", "t", "a > 0", postgresql_not_valid=True),
    ),
    Change(
        "create foreign key",
        ALTERING,
        lambda op: op.create_foreign_key("f", "t", "u", ["a"], ["id"], ondelete="SET NULL"),
    ),
    Change(
        "create foreign key not valid",
        POSTGRESQL,
        lambda op: op.create_foreign_key(
            "f", "t", "u", ["a"], ["id"], postgresql_not_valid=True, referent_schema="s", source_schema="z"
        ),
    ),
    Change(
        "create exclusion",
        POSTGRESQL,
        lambda op: op.create_exclude_constraint("e", "t", ("a", "="), using="gist"),
    ),
    Change("drop constraint", POSTGRESQL, lambda op: op.drop_constraint("c", "t")),
    Change("drop foreign key", MYSQL, lambda op: op.drop_constraint("f", "t", type_="foreignkey")),
    Change("rename table", EVERY, lambda op: op.rename_table("t", "u")),
    Change("drop table", EVERY, lambda op: op.drop_table("t")),
    Change("drop table in schema", ALTERING, lambda op: op.drop_table("t", schema="s", if_exists=True)),
    Change("comment table", ALTERING, lambda op: op.create_table_comment("t", "it's")),
    Change("drop table comment", POSTGRESQL, lambda op: op.drop_table_comment("t")),
    Change(
        "create table",
        EVERY,
        _table(_id, lambda: sa.Column("a", sa.String(9), nullable=False, server_default="x")),
    ),
    Change(
        "create table with keys",
        EVERY,
        _table(
            _id,
            lambda: sa.Column("a", INT),
            lambda: sa.ForeignKeyConstraint(["a"], ["u.id"], name="f", ondelete="CASCADE"),
            lambda: sa.UniqueConstraint("a", name="q"),
        ),
    ),
    Change(
        "create table with check",
        EVERY,
        _table(_id, lambda: sa.Column("a", INT), lambda: sa.CheckConstraint("a > 0", name="c")),
    ),
    Change(
        "create table with two keys",
        EVERY,
        _table(
            lambda: sa.Column("a", INT, primary_key=True),
            lambda: sa.Column("b", sa.String(5), primary_key=True),
            lambda: sa.Column("c", sa.Boolean()),
        ),
    ),
    Change(
        "create partitioned table",
        POSTGRESQL,
        _table(_id, lambda: sa.Column("a", sa.Date()), postgresql_partition_by="RANGE (a)"),
    ),
    Change("create table with engine", MYSQL, _table(_id, mysql_engine="InnoDB", mysql_charset="utf8mb4")),
]
PAIRS = [(engine, change) for change in CHANGES for engine in change.engines]


class _Recording(Operations):
    def __init__(self, context: MigrationContext) -> None:
        super().__init__(context)
        self.recorded: list[ops.MigrateOperation] = []

    def invoke(self, operation: ops.MigrateOperation) -> Any:
        self.recorded.append(operation)
        return super().invoke(operation)


@pytest.mark.parametrize(
    ("engine", "change"), PAIRS, ids=[f"{engine}-{change.name}" for engine, change in PAIRS]
)
def test_operation_and_its_sql_are_the_same_operation(engine: str, change: Change) -> None:
    server = SERVERS[engine]
    buffer = io.StringIO()
    options = {"as_sql": True, "output_buffer": buffer}
    recording = _Recording(MigrationContext.configure(dialect=server.dialect(), opts=options))
    change.make(recording)
    (written,) = recording.recorded
    (read,) = [one.op for one in translate(buffer.getvalue(), server)]
    assert _normal(read, server) == _normal(written, server)


def _normal(op: ops.MigrateOperation, server: Server) -> object:
    """Return an operation in a form that is the same for two spellings of one change."""
    if isinstance(op, ops.CreateTableOp):
        return _normal_table(op, server)
    if isinstance(op, ops.AlterColumnOp):
        return _normal_column(op, server)
    if type(op).__name__ in ("CreateExcludeConstraintOp", "AddExclusionOp"):
        return "exclusion", op.table_name, op.constraint_name  # type: ignore[attr-defined]
    if isinstance(op, ops.DropIndexOp) and server.dialect_name != "mysql":
        op.table_name = None  # SQL does not say it
    return operation(op, server)


def _normal_column(op: ops.AlterColumnOp, server: Server) -> object:
    """MySQL restates a column: what Alembic knows of it and what changes become one definition."""
    said = dict(vars(op))
    if server.dialect_name == "mysql" and (
        op.modify_type is not None or op.modify_name or op.modify_nullable is not None
    ):
        for name in ("type", "nullable", "server_default", "comment"):
            if said[f"modify_{name}"] in (None, False) and said[f"existing_{name}"] not in (None, False):
                said[f"modify_{name}"] = said[f"existing_{name}"]
        if said["modify_nullable"] is None:
            said["modify_nullable"] = op.existing_nullable is not False
    default = said["modify_server_default"]
    return {
        "table": (op.schema, op.table_name, op.column_name),
        "type": None if said["modify_type"] is None else type_(said["modify_type"], server),
        "nullable": said["modify_nullable"],
        "name": op.modify_name,
        "comment": said["modify_comment"],
        "identity": isinstance(default, sa.Identity),
        "default": _default(default, server),
        "using": op.kw.get("postgresql_using"),
    }


def _default(default: Any, server: Server) -> object:
    if default in (None, False) or isinstance(default, (sa.Identity, sa.Computed)):
        return default if default in (None, False) else type(default).__name__
    return text(getattr(default, "arg", default), server)


def _normal_table(op: ops.CreateTableOp, server: Server) -> object:
    table = op.to_table()
    return {
        "name": (table.schema, table.name),
        "columns": [
            (c.name, type_(c.type, server), c.nullable, _default(c.server_default, server))
            for c in table.columns
        ],
        "key": [column.name for column in table.primary_key.columns],
        "constraints": sorted(_constraint(item, server) for item in table.constraints),
        "options": {key: value for key, value in op.kw.items() if value is not None},
    }


def _constraint(item: Any, server: Server) -> str:
    columns = ",".join(column.name for column in item.columns) if hasattr(item, "columns") else ""
    name = "" if isinstance(item, sa.PrimaryKeyConstraint) else item.name
    if isinstance(item, sa.CheckConstraint):
        return f"{name} CHECK {text(item.sqltext, server)}"
    if isinstance(item, sa.ForeignKeyConstraint):
        return f"{name} {columns} -> {item.elements[0].target_fullname} {item.ondelete}"
    return f"{name} {type(item).__name__} {columns}"
