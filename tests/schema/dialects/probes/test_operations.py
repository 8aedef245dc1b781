"""Each operation of Alembic on each engine: before a statement it is not done, after it it is."""

from __future__ import annotations

import inspect

import pytest
from alembic.operations import Operations

from app.schema.core.outcome import Outcome

from .asking import Bench

BEFORE = """
op.create_table(
    "parent",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("code", sa.String(20), nullable=False),
)
op.create_table(
    "Child Table",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("parent_id", sa.Integer()),
    sa.Column("Name", sa.String(50), nullable=True, server_default="x"),
    sa.Column("size", sa.Integer(), nullable=True, comment="old"),
    sa.Column("price", sa.Numeric(10, 2)),
    sa.Column("at", sa.DateTime()),
    sa.Index("ix_child_size", "size"),
    comment="old",
)
"""
EVERYWHERE = {
    "create_table": """
        op.create_table(
            "made",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("Name", sa.String(50), nullable=False, unique=True),
            sa.Column("kind", sa.Enum("a", "b'c", name="made kind")),
            sa.Column("flag", sa.Boolean(), server_default=sa.true(), nullable=False),
            sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now()),
            sa.Column("day", sa.Date()),
            sa.Column("hour", sa.Time()),
            sa.Column("body", sa.Text(), comment="it's 100% \\"text\\""),
            sa.Column("data", sa.JSON()),
            sa.Column("blob", sa.LargeBinary()),
            sa.Column("price", sa.Numeric(10, 2), server_default="0"),
            sa.Column("ratio", sa.Float()),
            sa.Column("exact", sa.Double()),
            sa.Column("big", sa.BigInteger()),
            sa.Column("small", sa.SmallInteger()),
            sa.Column("uuid", sa.Uuid()),
            sa.Column("letter", sa.CHAR(1)),
            sa.Column("span", sa.Interval()),
            sa.Column("raw", sa.VARBINARY(16) if op.get_context().dialect.name == "mysql" else sa.LargeBinary()),
            sa.Column("twice", sa.Integer(), sa.Computed("small * 2", persisted=True)),
            sa.Column("parent_id", sa.Integer(), sa.ForeignKey("parent.id", ondelete="CASCADE")),
            sa.CheckConstraint("big > 0", name="ck_made_big"),
            sa.UniqueConstraint("day", "hour", name="uq_made_day"),
            sa.Index("ix_made_at", "at"),
            comment="a 'comment' of 100%",
        )
    """,
    "drop_table": """op.drop_table("Child Table")""",
    "drop_table if exists": """op.drop_table("Child Table", if_exists=True)""",
    "rename_table": """op.rename_table("Child Table", "child")""",
    "add_column": """
        op.add_column("Child Table", sa.Column("New One", sa.String(30), server_default="it's", nullable=False))
    """,
    "add_column plain": """op.add_column("Child Table", sa.Column("plain", sa.Float()))""",
    "drop_column": """op.drop_column("Child Table", "price")""",
    "alter_column name": """
        op.alter_column("Child Table", "Name", new_column_name="name two", existing_type=sa.String(50))
    """,
    "create_index": """op.create_index("ix_child_Name", "Child Table", ["Name", "size"])""",
    "create_index unique": """op.create_index("ix_child_u", "Child Table", ["Name"], unique=True)""",
    "drop_index": """op.drop_index("ix_child_size", table_name="Child Table")""",
    "batch_alter_table": """
        with op.batch_alter_table("Child Table", recreate="always") as batch:
            batch.alter_column("Name", new_column_name="name two", existing_type=sa.String(50))
            batch.add_column(sa.Column("more", sa.Integer()))
            batch.create_index("ix_child_more", ["more"])
    """,
    "execute": """op.execute("CREATE VIEW seen AS SELECT id, code FROM parent")""",
}
ON_SERVERS = {
    "alter_column type": """
        op.alter_column("Child Table", "Name", type_=sa.String(80), existing_type=sa.String(50))
        op.alter_column("Child Table", "size", type_=sa.BigInteger(), existing_type=sa.Integer())
        op.alter_column("Child Table", "price", type_=sa.Numeric(12, 4), existing_type=sa.Numeric(10, 2))
        op.alter_column("Child Table", "Name", type_=sa.Text(), existing_type=sa.String(80))
    """,
    "alter_column nullable": """
        op.alter_column("Child Table", "Name", nullable=False, existing_type=sa.String(50))
        op.alter_column("Child Table", "Name", nullable=True, existing_type=sa.String(50))
    """,
    "alter_column default": """
        op.alter_column("Child Table", "Name", server_default="y", existing_type=sa.String(50))
        op.alter_column("Child Table", "Name", server_default=None, existing_type=sa.String(50))
        op.alter_column("Child Table", "size", server_default=sa.text("5"), existing_type=sa.Integer())
        op.alter_column("Child Table", "at", server_default=sa.func.now(), existing_type=sa.DateTime())
    """,
    "alter_column comment": """
        op.alter_column("Child Table", "size", comment="100% 'new'", existing_type=sa.Integer(), existing_comment="old")
        op.alter_column("Child Table", "size", comment=None, existing_type=sa.Integer(), existing_comment="x")
    """,
    "alter_column of all": """
        op.alter_column(
            "Child Table", "Name", new_column_name="other", type_=sa.String(99), nullable=False, server_default="z",
            comment="c", existing_type=sa.String(50),
        )
    """,
    "create_unique_constraint": """op.create_unique_constraint("uq_Child", "Child Table", ["Name", "size"])""",
    "create_unique_constraint unnamed": """op.create_unique_constraint(None, "Child Table", ["Name"])""",
    "create_check_constraint": """op.create_check_constraint("ck_Child", "Child Table", "size > 0 OR size = -1")""",
    "create_check_constraint unnamed": """op.create_check_constraint(None, "Child Table", "size > 0")""",
    "create_foreign_key": """
        op.create_foreign_key(
            "fk_Child", "Child Table", "parent", ["parent_id"], ["id"], ondelete="SET NULL", onupdate="CASCADE"
        )
    """,
    "create_foreign_key unnamed": """
        op.create_foreign_key(None, "Child Table", "parent", ["parent_id"], ["id"])
    """,
    "create_primary_key": """
        op.create_table("keyless", sa.Column("a", sa.Integer(), nullable=False), sa.Column("b", sa.Integer()))
        op.create_primary_key("pk_keyless", "keyless", ["a"])
    """,
    "drop_constraint": """
        op.create_unique_constraint("uq_Child", "Child Table", ["Name"])
        op.create_check_constraint("ck_Child", "Child Table", "size > 0")
        op.create_foreign_key("fk_Child", "Child Table", "parent", ["parent_id"], ["id"])
        op.create_table("keyed", sa.Column("a", sa.String(9), nullable=False), sa.PrimaryKeyConstraint("a", name="pk"))
        op.drop_constraint("fk_Child", "Child Table", type_="foreignkey")
        op.drop_constraint("ck_Child", "Child Table", type_="check")
        op.drop_constraint("uq_Child", "Child Table", type_="unique")
        op.drop_constraint("pk", "keyed", type_="primary")
    """,
    "create_table_comment": """op.create_table_comment("Child Table", "100% 'new'", existing_comment="old")""",
    "drop_table_comment": """op.drop_table_comment("Child Table", existing_comment="old")""",
}
ON_POSTGRESQL = {
    "create_exclude_constraint": """
        op.create_exclude_constraint("ex_parent", "parent", ("code", "="), using="btree")
    """,
    "create_index concurrently": """
        op.create_index("ix_c", "Child Table", ["Name"], unique=True, postgresql_concurrently=True, if_not_exists=True)
        op.drop_index("ix_c", table_name="Child Table", postgresql_concurrently=True, if_exists=True)
    """,
    "alter_column to an identity": """
        op.alter_column("Child Table", "size", nullable=False, existing_type=sa.Integer())
        op.alter_column("Child Table", "size", server_default=sa.Identity(always=True), existing_type=sa.Integer())
        op.alter_column(
            "Child Table", "size", server_default=sa.Identity(), existing_server_default=sa.Identity(always=True)
        )
        op.alter_column("Child Table", "size", server_default=None, existing_server_default=sa.Identity())
    """,
    "alter_column with using": """
        op.alter_column("Child Table", "Name", server_default=None)
        op.alter_column("Child Table", "Name", type_=sa.Integer(), postgresql_using='"Name"::integer')
    """,
    "create_foreign_key not valid": """
        op.create_foreign_key(
            "fk_Child", "Child Table", "parent", ["parent_id"], ["id"], postgresql_not_valid=True, deferrable=True
        )
        op.execute('ALTER TABLE "Child Table" VALIDATE CONSTRAINT "fk_Child"')
    """,
    "execute in another schema": """
        op.execute('CREATE SCHEMA "Other"')
        op.create_table("t", sa.Column("id", sa.Integer(), primary_key=True), schema="Other", comment="x")
        op.add_column("t", sa.Column("n", sa.String(5)), schema="Other")
        op.alter_column("t", "n", nullable=False, schema="Other")
        op.create_index("ix_t", "t", ["n"], schema="Other")
        op.create_foreign_key("fk_t", "t", "parent", ["id"], ["id"], source_schema="Other", referent_schema="public")
        op.drop_constraint("fk_t", "t", schema="Other")
        op.drop_index("ix_t", schema="Other")
        op.rename_table("t", "u", schema="Other")
        op.drop_column("u", "n", schema="Other")
        op.drop_table("u", schema="Other")
    """,
}
EXISTING = {
    "create_table if not exists": """
        op.create_table("made", sa.Column("id", sa.Integer(), primary_key=True), if_not_exists=True)
    """,
    "create_index if not exists": """
        op.create_index("ix_more", "parent", ["code"], if_not_exists=True)
    """,
    "create_index of an expression": """op.create_index("ix_low", "parent", [sa.text("(lower(code))")])""",
    "create_index with a condition": """
        where = sa.text("code <> 'x'")
        op.create_index("ix_some", "parent", ["code"], postgresql_where=where, sqlite_where=where)
    """,
    "drop_index if exists": """op.drop_index("ix_child_size", table_name="Child Table", if_exists=True)""",
}
# What changes rows only, or nothing by itself.
NO_SCHEMA = {
    "bulk_insert",
    "get_bind",
    "get_context",
    "run_async",
    "f",
    "inline_literal",
    "invoke",
    "context",
}
NO_SCHEMA |= {"register_operation", "implementation_for", "create_module_class_proxy", "migration_context"}

CASES = (
    *(
        (engine, name, body)
        for engine in ("sqlite", "postgresql", "mariadb")
        for name, body in EVERYWHERE.items()
    ),
    *((engine, name, body) for engine in ("postgresql", "mariadb") for name, body in ON_SERVERS.items()),
    *(("postgresql", name, body) for name, body in ON_POSTGRESQL.items()),
    *((engine, name, body) for engine in ("sqlite", "postgresql") for name, body in EXISTING.items()),
)


@pytest.mark.parametrize(
    ("engine_name", "body"),
    [pytest.param(engine, body, id=f"{engine} {name}") for engine, name, body in CASES],
    indirect=["engine_name"],
)
def test_each_statement_of_an_operation_is_not_done_before_and_done_after(body: str, here: Bench) -> None:
    here.operate(BEFORE)

    asked = here.asked_around_operations(body)

    assert asked
    for one in asked:
        assert one.before.outcome in (Outcome.NOT_DONE, Outcome.REPEATABLE), str(one)
        assert one.after.outcome in (Outcome.DONE, Outcome.REPEATABLE), str(one)


def test_no_operation_of_alembic_is_left_out() -> None:
    tried = {name.split()[0] for cases in (EVERYWHERE, ON_SERVERS, ON_POSTGRESQL, EXISTING) for name in cases}
    public = {name for name, _ in inspect.getmembers(Operations, callable) if not name.startswith("_")}

    assert public - NO_SCHEMA == tried
