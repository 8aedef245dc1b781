from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-drop-table-locks-parents"


@pytest.mark.parametrize(
    "body",
    [
        'op.drop_table("book")',
        'op.execute("DROP TABLE book")',
        'op.execute("DROP TABLE IF EXISTS book CASCADE")',
    ],
)
def test_table_with_keys_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.drop_table("shelf")',
        """
        with op.get_context().autocommit_block():
            op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")
        op.drop_table("book")
        """,
        """
        op.drop_table("book")
        op.drop_table("account")
        """,
        """
        op.create_table(
            "note",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")),
        )
        op.drop_table("note")
        """,
        'op.drop_table("elsewhere")',
    ],
)
def test_table_without_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.drop_table("book")', "postgresql:15")
    assert finding.message == (
        "Dropping book blocks every read and write of account until the transaction commits: the foreign keys go along."
    )
    assert finding.instead == (
        "Drop the foreign keys first, each in a transaction of its own:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.drop_constraint('fk_book_account_id_account', 'book', type_='foreignkey')\n"
        "    op.drop_table('book')"
    )
