from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-drop-column-with-fk"


@pytest.mark.parametrize(
    "body",
    [
        'op.drop_column("book", "account_id")',
        'op.execute("ALTER TABLE book DROP COLUMN account_id")',
        """
        with op.batch_alter_table("book") as batch:
            batch.drop_column("account_id")
        """,
    ],
)
def test_column_whose_key_is_there_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.drop_column("book", "isbn")',
        """
        with op.get_context().autocommit_block():
            op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")
        op.drop_column("book", "account_id")
        """,
        """
        op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")
        op.drop_column("book", "account_id")
        """,
        """
        op.drop_column("book", "account_id")
        op.drop_table("account")
        """,
        """
        op.create_table(
            "note",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")),
        )
        op.drop_column("note", "account_id")
        """,
    ],
)
def test_column_without_one_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.drop_column("book", "account_id")', "postgresql:15")
    assert finding.message == (
        "Dropping book.account_id drops fk_book_account_id_account too, which blocks every read and write of account "
        "until the transaction commits."
    )
    assert finding.instead == (
        "Drop the foreign key first, in a transaction of its own:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.drop_constraint('fk_book_account_id_account', 'book', type_='foreignkey')\n"
        "    op.drop_column('book', 'account_id')"
    )
