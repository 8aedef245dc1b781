from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-drop-index-blocking"


@pytest.mark.parametrize(
    "body",
    [
        'op.drop_index("ix_book_title", table_name="book")',
        'op.drop_index("ix_book_title")',
        'op.execute("DROP INDEX IF EXISTS ix_book_title")',
        'op.execute("DROP INDEX made_elsewhere")',
        """
        with op.batch_alter_table("book") as batch:
            batch.drop_index("ix_book_title")
        """,
    ],
)
def test_index_dropped_in_the_transaction_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix_book_title", table_name="book", postgresql_concurrently=True)
        """,
        """
        with op.get_context().autocommit_block():
            op.execute("DROP INDEX CONCURRENTLY ix_book_title")
        """,
        """
        op.drop_index("ix_book_title", table_name="book")
        op.drop_table("book")
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer()), sa.Column("name", sa.Text()))
        op.create_index("ix_tag_id", "tag", ["id"])
        op.drop_index("ix_tag_id")
        """,
        'op.execute("ALTER INDEX ix_book_title RENAME TO ix_title")',
    ],
)
def test_index_dropped_without_a_lock_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = 'op.drop_index("ix_book_title")'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "DROP INDEX ix_book_title waits for the longest open transaction on book; until it has had its turn "
        "and the revision has ended, nobody can read or write the table."
    )
    assert finding.instead == (
        "Drop it concurrently, outside the transaction; reads and writes then go on:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.drop_index('ix_book_title', table_name='book', postgresql_concurrently=True)"
    )
