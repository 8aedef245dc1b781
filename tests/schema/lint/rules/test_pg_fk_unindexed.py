from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-fk-unindexed"


@pytest.mark.parametrize(
    "body",
    [
        'op.create_foreign_key("fk", "book", "account", ["pages"], ["id"], postgresql_not_valid=True)',
        'op.create_foreign_key("fk", "book", "account", ["isbn"], ["email"])',
        'op.execute("ALTER TABLE book ADD CONSTRAINT fk FOREIGN KEY (pages) REFERENCES account NOT VALID")',
        """
        op.add_column("book", sa.Column("shelf_id", sa.Integer()))
        op.create_foreign_key("fk", "book", "shelf", ["shelf_id"], ["id"])
        """,
        """
        op.create_index("ix", "book", ["title", "pages"])
        op.create_foreign_key("fk", "book", "account", ["pages"], ["id"])
        """,
    ],
)
def test_column_without_an_index_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.create_foreign_key("fk", "book", "account", ["account_id"], ["id"], postgresql_not_valid=True)',
        """
        op.create_index("ix", "book", ["pages"])
        op.create_foreign_key("fk", "book", "account", ["pages"], ["id"])
        """,
        """
        op.create_index("ix", "book", ["pages", "title"])
        op.create_foreign_key("fk", "book", "account", ["pages"], ["id"])
        """,
        """
        op.create_foreign_key("fk", "book", "account", ["pages"], ["id"])
        op.execute("CREATE INDEX CONCURRENTLY ix ON book (pages)")
        """,
        'op.create_foreign_key("fk", "book", "account", ["id"], ["id"])',
        """
        op.execute("CREATE INDEX ix ON book (pages) WHERE pages IS NOT NULL")
        op.create_foreign_key("fk", "book", "account", ["pages"], ["id"])
        """,
        'op.create_foreign_key("fk", "elsewhere", "account", ["a"], ["id"])',
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("account_id", sa.Integer()))
        op.create_foreign_key("fk", "tag", "account", ["account_id"], ["id"])
        """,
        """
        op.drop_index("ix_book_account_id")
        op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")
        op.create_foreign_key("fk", "book", "account", ["account_id"], ["id"])
        """,
    ],
)
def test_column_with_an_index_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_index_of_a_later_revision_counts() -> None:
    body = 'op.create_foreign_key("fk", "book", "account", ["pages"], ["id"])'
    assert_clean(RULE, body, "postgresql:15", later=['op.create_index("ix_book_pages", "book", ["pages"])'])


def test_message_in_full() -> None:
    body = 'op.create_foreign_key("fk", "book", "account", ["pages"], ["id"], postgresql_not_valid=True)'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "No index of book starts with pages: each DELETE of a row of account reads all of book."
    )
    assert finding.instead == (
        "Build an index on pages first:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.create_index('ix_book_pages', 'book', ['pages'], unique=False, postgresql_concurrently=True)"
    )
