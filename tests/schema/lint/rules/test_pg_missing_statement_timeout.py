from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-missing-statement-timeout"


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("UPDATE account SET name = lower(name)")',
        'op.create_index("ix_account_name", "account", ["name"])',
        'op.alter_column("account", "age", type_=sa.BigInteger())',
    ],
)
def test_work_without_a_limit_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        op.execute("SET statement_timeout = '5min'")
        op.execute("UPDATE account SET name = lower(name)")
        """,
        'op.add_column("account", sa.Column("plan", sa.Text()))',
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer()), sa.Column("name", sa.Text()))
        op.create_index("ix_tag_id", "tag", ["id"])
        """,
        'op.execute("ALTER TABLE book VALIDATE CONSTRAINT ck_book_isbn")',
    ],
)
def test_work_with_a_limit_or_without_locks_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_transaction_timeout_counts_where_there_is_one() -> None:
    body = """
    op.execute("SET transaction_timeout = '5min'")
    op.execute("UPDATE account SET name = lower(name)")
    """
    assert_clean(RULE, body, "postgresql:17")
    assert_flags(RULE, body, "postgresql:16")


def test_message_in_full() -> None:
    body = 'op.create_index("ix_account_name", "account", ["name"])'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "Nothing stops this statement if account is larger than expected; what it has locked stays locked "
        "all the time."
    )
    assert finding.instead == (
        "Say before it how long it may take:\n\n    op.execute(\"SET LOCAL statement_timeout = '5min'\")"
    )
