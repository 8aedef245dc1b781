from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-add-column-with-fk"


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("shelf", sa.Column("owner_id", sa.Integer(), sa.ForeignKey("account.id")))',
        'op.add_column("account", sa.Column("parent_id", sa.Integer(), sa.ForeignKey("account.id", name="fk_parent")))',
        """
        KEY = sa.ForeignKey("account.id")
        op.add_column("shelf", sa.Column("owner_id", sa.Integer(), KEY, server_default="1"), inline_references=True)
        """,
        'op.execute("ALTER TABLE shelf ADD COLUMN owner_id int DEFAULT 1 REFERENCES account (id)")',
    ],
)
def test_key_that_is_checked_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("ALTER TABLE shelf ADD COLUMN owner_id int REFERENCES account (id)")',
        """
        KEY = sa.ForeignKey("account.id")
        op.add_column("shelf", sa.Column("owner_id", sa.Integer(), KEY), inline_references=True)
        """,
        'op.add_column("shelf", sa.Column("owner_id", sa.Integer()))',
        """
        op.create_table("tag", sa.Column("name", sa.Text()))
        op.add_column("tag", sa.Column("owner_id", sa.Integer(), sa.ForeignKey("account.id")))
        """,
    ],
)
def test_key_that_need_not_be_checked_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = 'op.add_column("shelf", sa.Column("owner_id", sa.Integer(), sa.ForeignKey("account.id")))'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "Nobody can read or write shelf, and nobody can write account, while PostgreSQL checks the foreign "
        "key of owner_id for every row; the more rows, the longer."
    )
    assert finding.instead == (
        "Add the key as NOT VALID, which checks new rows only, and validate it outside the transaction:\n"
        "\n"
        "    op.add_column('shelf', sa.Column('owner_id', sa.Integer(), nullable=True))\n"
        "    op.create_foreign_key('shelf_owner_id_fkey', 'shelf', 'account', ['owner_id'], ['id'], "
        "postgresql_not_valid=True)\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.execute("ALTER TABLE shelf VALIDATE CONSTRAINT shelf_owner_id_fkey")'
    )


def test_statement_that_a_loop_repeats_is_not_rewritten() -> None:
    body = """
    for name in ("owner_id", "editor_id"):
        op.add_column("shelf", sa.Column(name, sa.Integer(), sa.ForeignKey("account.id")))
    """
    finding = assert_flags(RULE, body, "postgresql:15", times=2)
    assert finding.fix is None
    assert "shelf_owner_id_fkey" in str(finding.instead)
