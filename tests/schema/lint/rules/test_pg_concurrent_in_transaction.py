from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-concurrent-in-transaction"


@pytest.mark.parametrize(
    "body",
    [
        'op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)',
        'op.drop_index("ix_book_title", table_name="book", postgresql_concurrently=True)',
        'op.execute("CREATE INDEX CONCURRENTLY ix_account_name ON account (name)")',
        'op.get_bind().execute(sa.text("DROP INDEX CONCURRENTLY ix_book_title"))',
        'op.execute("REINDEX TABLE CONCURRENTLY book")',
        'op.execute("ALTER TABLE event DETACH PARTITION event_2025 CONCURRENTLY")',
        """
        op.create_table("tag", sa.Column("id", sa.Integer()), sa.Column("name", sa.Text()))
        op.create_index("ix_tag_id", "tag", ["id"], postgresql_concurrently=True)
        """,
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
        op.drop_index("ix_book_title", table_name="book", postgresql_concurrently=True)
        """,
    ],
)
def test_concurrent_work_in_the_transaction_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
        """,
        """
        with op.get_context().autocommit_block():
            op.drop_index("ix_book_title", table_name="book", postgresql_concurrently=True)
        """,
        """
        with op.get_context().autocommit_block():
            op.execute("REINDEX TABLE CONCURRENTLY book")
        """,
        'op.create_index("ix_account_name", "account", ["name"])',
        'op.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY totals")',
        """
        op.execute("COMMIT")
        op.execute("CREATE INDEX CONCURRENTLY ix_account_name ON account (name)")
        """,
    ],
)
def test_work_outside_it_or_not_concurrent_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


@pytest.mark.parametrize("server", ["mariadb:10.11", "sqlite:3.40"])
def test_engines_that_ignore_the_flag_are_clean(server: str) -> None:
    assert_clean(
        RULE, 'op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)', server
    )


def test_message_in_full() -> None:
    body = 'op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "The revision fails: PostgreSQL refuses CREATE INDEX CONCURRENTLY ix_account_name inside a "
        "transaction, and Alembic has begun one."
    )
    assert finding.instead == (
        "Leave the transaction for this statement:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.create_index('ix_account_name', 'account', ['name'], unique=False, "
        "postgresql_concurrently=True)"
    )
