from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-reindex-blocking"


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("REINDEX INDEX ix_book_title")',
        'op.execute("REINDEX TABLE book")',
        'op.execute("REINDEX SCHEMA public")',
        """
        with op.get_context().autocommit_block():
            op.execute("REINDEX INDEX ix_book_title")
        """,
    ],
)
def test_reindex_with_its_locks_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.get_context().autocommit_block():
            op.execute("REINDEX INDEX CONCURRENTLY ix_book_title")
        """,
        """
        with op.get_context().autocommit_block():
            op.execute("REINDEX (VERBOSE) TABLE CONCURRENTLY book")
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer()), sa.Column("name", sa.Text()))
        op.create_index("ix_tag_id", "tag", ["id"])
        op.execute("REINDEX INDEX ix_tag_id")
        """,
    ],
)
def test_reindex_that_nobody_waits_for_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_version_without_reindex_concurrently_gets_no_fix() -> None:
    assert assert_flags(RULE, 'op.execute("REINDEX TABLE book")', "postgresql:11").fix is None


def test_message_in_full() -> None:
    body = 'op.execute("REINDEX INDEX ix_book_title")'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "REINDEX of index ix_book_title blocks every INSERT, UPDATE and DELETE on book, and every query "
        "that is being planned, until the index is built anew; the more rows, the longer."
    )
    assert finding.instead == (
        "Rebuild it concurrently, outside the transaction:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.execute("REINDEX INDEX CONCURRENTLY ix_book_title")'
    )
