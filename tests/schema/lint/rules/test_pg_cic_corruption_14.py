from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-cic-corruption-14"


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
        """,
        """
        with op.get_context().autocommit_block():
            op.execute("CREATE INDEX CONCURRENTLY ix_account_name ON account (name)")
        """,
        """
        with op.get_context().autocommit_block():
            op.execute("REINDEX TABLE CONCURRENTLY book")
        """,
    ],
)
def test_concurrent_build_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:14.3")


@pytest.mark.parametrize(
    "body",
    [
        'op.create_index("ix_account_name", "account", ["name"])',
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix_book_title", table_name="book", postgresql_concurrently=True)
        """,
        'op.execute("REINDEX TABLE book")',
    ],
)
def test_work_that_is_not_concurrent_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:14.3")


@pytest.mark.parametrize("server", ["postgresql:14", "postgresql:14.4", "postgresql:15.1", "postgresql:13.9"])
def test_version_that_builds_correctly_is_clean(server: str) -> None:
    body = """
    with op.get_context().autocommit_block():
        op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
    """
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    body = """
    with op.get_context().autocommit_block():
        op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
    """
    finding = assert_flags(RULE, body, "postgresql:14.3")
    assert finding.message == (
        "Rows that are written while ix_account_name is built may be missing from it, without a word: "
        "queries do not find them (PostgreSQL 14.3)."
    )
    assert finding.instead == (
        "Update the server to 14.4 or later before this revision, and check older indexes with amcheck."
    )
