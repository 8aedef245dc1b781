from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-lock-timeout-too-long"


@pytest.mark.parametrize(
    "body",
    [
        """
        op.execute("SET lock_timeout = '1min'")
        op.add_column("account", sa.Column("plan", sa.Text()))
        """,
        """
        op.execute("SET LOCAL lock_timeout = '11s'")
        op.add_column("account", sa.Column("plan", sa.Text()))
        """,
        """
        op.execute("SET lock_timeout = 0")
        op.add_column("account", sa.Column("plan", sa.Text()))
        """,
        """
        op.execute("SET lock_timeout = '30s'")
        op.add_column("account", sa.Column("plan", sa.Text()))
        op.add_column("book", sa.Column("plan", sa.Text()))
        """,
    ],
)
def test_long_wait_for_a_strong_lock_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        op.execute("SET lock_timeout = '5s'")
        op.add_column("account", sa.Column("plan", sa.Text()))
        """,
        """
        op.execute("SET lock_timeout = '10s'")
        op.add_column("account", sa.Column("plan", sa.Text()))
        """,
        """
        op.execute("SET lock_timeout = 0")
        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
        """,
        """
        op.execute("SET lock_timeout = '1min'")
        op.execute("SET lock_timeout = '2s'")
        op.add_column("account", sa.Column("plan", sa.Text()))
        """,
        """
        op.execute("SET lock_timeout = '1min'")
        op.create_table("tag", sa.Column("id", sa.Integer()), sa.Column("name", sa.Text()))
        """,
        """
        op.execute("SET LOCAL lock_timeout = '1min'")
        with op.get_context().autocommit_block():
            op.drop_index("ix_book_title", table_name="book")
        """,
    ],
)
def test_short_wait_or_none_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = """
    op.execute("SET lock_timeout = '1min'")
    op.add_column("account", sa.Column("plan", sa.Text()))
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "If a transaction on account stays open, the change in line 10 waits for 1min, and everybody else "
        "waits behind it for account."
    )
    assert finding.instead == (
        "Wait briefly, and run the revision again if it did not get its turn:\n"
        "\n"
        "    op.execute(\"SET lock_timeout = '2s'\")"
    )
