from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-drop-fk-locks-parent"


@pytest.mark.parametrize(
    "body",
    [
        """
        op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")
        op.add_column("shelf", sa.Column("room", sa.Text()))
        """,
        """
        op.add_column("shelf", sa.Column("room", sa.Text()))
        op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")
        """,
        """
        op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")
        op.create_index("ix_book_isbn", "book", ["isbn"])
        """,
        """
        op.execute("ALTER TABLE book DROP CONSTRAINT fk_book_account_id_account")
        op.execute("ALTER TABLE shelf ADD room text")
        """,
        """
        op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")
        op.create_foreign_key("fk", "book", "account", ["account_id"], ["id"])
        """,
    ],
)
def test_key_that_goes_beside_other_changes_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")',
        """
        with op.get_context().autocommit_block():
            op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")
        op.add_column("shelf", sa.Column("room", sa.Text()))
        """,
        """
        op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")
        op.create_foreign_key("fk", "book", "account", ["account_id"], ["id"], postgresql_not_valid=True)
        """,
        """
        op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")
        op.drop_column("book", "account_id")
        """,
        """
        op.drop_constraint("ck_book_pages", "book", type_="check")
        op.add_column("shelf", sa.Column("room", sa.Text()))
        """,
        """
        op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("account_id", sa.Integer()))
        """,
    ],
)
def test_key_that_goes_alone_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


DROP = 'op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")'


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, DROP + '\nop.add_column("shelf", sa.Column("room", sa.Text()))', "postgresql:15"
    )
    assert finding.message == (
        "Dropping fk_book_account_id_account blocks every read and write of book and of account until the transaction "
        "commits, with all else that it does."
    )
    assert finding.instead == (
        "Drop it in a transaction of its own:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.drop_constraint('fk_book_account_id_account', 'book', type_='foreignkey')"
    )
    assert (finding.lock, finding.table) == ("ACCESS EXCLUSIVE", "book")
