from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "downgrade-asymmetric"
ADD = 'op.add_column("account", sa.Column("nick", sa.String(50)))'
TWO = f'{ADD}\nop.create_index("ix_nick", "account", ["nick"])'


@pytest.mark.parametrize(
    ("upgrade", "downgrade", "part"),
    [
        (TWO, 'op.drop_index("ix_nick", table_name="account")', "column nick is still there"),
        ('op.drop_column("account", "name")', ADD, "column name is missing"),
        (
            'op.drop_column("account", "name")',
            'op.add_column("account", sa.Column("name", sa.String(20)))',
            "column name is varchar(20) instead of varchar(50)",
        ),
        (
            'op.alter_column("account", "email", nullable=True)\nop.drop_index("ix_book_title")',
            'op.create_index("ix_book_title", "book", ["title"])',
            "column email takes NULL",
        ),
        (
            'op.drop_constraint("uq_account_email", "account")',
            'op.create_unique_constraint("uq_email", "account", ["email"])',
            "unique constraint uq_account_email is missing",
        ),
        ('op.execute("ALTER TABLE account DROP COLUMN name")', 'op.drop_table("shelf")', "table shelf is missing"),
        ('op.drop_column("book", "title")', 'op.add_column("book", sa.Column("title", sa.String(200), nullable=False))',
         "index ix_book_title is missing"),
    ],
)  # fmt: skip
def test_way_back_to_another_schema_is_flagged(upgrade: str, downgrade: str, part: str) -> None:
    assert part in assert_flags(RULE, upgrade, "postgresql:15", downgrade=downgrade).message


@pytest.mark.parametrize("server", ["postgresql:15", "sqlite:3.40", "mariadb:10.11"])
@pytest.mark.parametrize(
    ("upgrade", "downgrade"),
    [
        (TWO, 'op.drop_index("ix_nick", table_name="account")\nop.drop_column("account", "nick")'),
        (TWO, 'op.drop_column("account", "nick")'),
        (
            'op.drop_column("account", "name")',
            'op.add_column("account", sa.Column("name", sa.VARCHAR(length=50)))',
        ),
        (
            'op.alter_column("account", "name", new_column_name="nick")',
            'op.alter_column("account", "nick", new_column_name="name")',
        ),
        ('op.rename_table("shelf", "rack")', 'op.rename_table("rack", "shelf")'),
        (
            'op.drop_index("ix_book_title", table_name="book")',
            'op.create_index("ix_book_title", "book", ["title"])',
        ),
        (ADD, 'raise NotImplementedError("not reversible")'),
        ('op.drop_column("elsewhere", "a")', 'op.add_column("elsewhere", sa.Column("a", sa.Integer()))'),
        ("pass", "pass"),
        ('op.execute("DROP INDEX IF EXISTS ix")', 'op.create_index("ix", "account", ["name"])'),
        (
            f'{ADD}\nop.create_check_constraint("ck_nick", "account", "nick <> email")',
            'op.drop_column("account", "nick")',
        ),
        (
            'op.alter_column("account", "age", existing_type=sa.Integer(), server_default="1")',
            'op.alter_column("account", "age", existing_type=sa.Integer(), server_default=sa.text("null"))',
        ),
        (
            'op.create_unique_constraint(None, "account", ["name"])',
            'op.drop_constraint(None, "account", type_="unique")',
        ),
    ],
)
def test_way_back_to_the_same_schema_is_clean(upgrade: str, downgrade: str, server: str) -> None:
    assert_clean(RULE, upgrade, server, downgrade=downgrade)


@pytest.mark.parametrize(
    ("upgrade", "downgrade"),
    [
        (
            (
                'op.execute("CREATE TABLE log (at date) PARTITION BY RANGE (at)")\n'
                "op.execute(\"CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')\")"
            ),
            'op.drop_table("log")',
        ),
        (
            'op.execute("ALTER TABLE book ADD CONSTRAINT ix_book_title UNIQUE USING INDEX ix_book_title")',
            'op.drop_constraint("ix_book_title", "book")',
        ),
        (
            'op.execute("ALTER TABLE account ADD CHECK (age > 0)")',
            'op.drop_constraint("account_age_check", "account")',
        ),
        (
            'op.execute("CREATE TABLE public.tag (id int PRIMARY KEY)")',
            'op.drop_table("tag")',
        ),
    ],
)
def test_what_goes_along_on_postgresql_is_clean(upgrade: str, downgrade: str) -> None:
    assert_clean(RULE, upgrade, "postgresql:15", downgrade=downgrade)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, TWO, "postgresql:15", downgrade='op.drop_index("ix_nick", table_name="account")'
    )
    assert finding.message == (
        "After `flask db downgrade` the schema is not what it was before r1: column nick is still there (account)."
    )
    assert finding.instead == "Let downgrade() undo every step of upgrade(), the last one first."
