from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-index-replace-order"


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix_book_title", table_name="book", postgresql_concurrently=True)
            op.create_index("ix_book_title_isbn", "book", ["title", "isbn"], postgresql_concurrently=True)
        """,
        """
        op.drop_index("ix_book_title", table_name="book")
        with op.get_context().autocommit_block():
            op.create_index("ix_book_title_isbn", "book", ["title", "isbn"], postgresql_concurrently=True)
        """,
        """
        with op.get_context().autocommit_block():
            op.execute("DROP INDEX CONCURRENTLY ix_book_title")
            op.execute("CREATE UNIQUE INDEX CONCURRENTLY ix_book_title ON book (title)")
        """,
    ],
)
def test_old_index_that_goes_first_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_book_title_isbn", "book", ["title", "isbn"], postgresql_concurrently=True)
            op.drop_index("ix_book_title", table_name="book", postgresql_concurrently=True)
        """,
        """
        op.drop_index("ix_book_title")
        op.create_index("ix_book_title_isbn", "book", ["title", "isbn"])
        """,
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix_book_title", table_name="book", postgresql_concurrently=True)
            op.create_index("ix_isbn", "book", ["isbn"], postgresql_concurrently=True)
        """,
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix_new", if_exists=True, postgresql_concurrently=True)
            op.create_index("ix_new", "book", ["title"], postgresql_concurrently=True)
        """,
    ],
)
def test_old_index_that_goes_last_or_is_not_replaced_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = """
    with op.get_context().autocommit_block():
        op.drop_index("ix_book_title", table_name="book", postgresql_concurrently=True)
        op.create_index("ix_book_title_isbn", "book", ["title", "isbn"], postgresql_concurrently=True)
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "From here until ix_book_title_isbn is built, queries on book that used ix_book_title read the "
        "whole table; if the build fails, they go on doing so."
    )
    assert finding.instead == (
        "Build ix_book_title_isbn first and drop ix_book_title in the next revision:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.create_index('ix_book_title_isbn', 'book', ['title', 'isbn'], unique=False, "
        "postgresql_concurrently=True)\n"
        "    # revision 2, after r1\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.drop_index('ix_book_title', table_name='book', postgresql_concurrently=True)"
    )
