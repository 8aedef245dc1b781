from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-missing-lock-timeout"


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("plan", sa.Text()))',
        """
        op.add_column("account", sa.Column("plan", sa.Text()))
        op.add_column("book", sa.Column("plan", sa.Text()))
        """,
        'op.execute("ALTER TABLE account ADD COLUMN plan text")',
        """
        op.execute("SET lock_timeout = '2s'")
        op.execute("RESET lock_timeout")
        op.add_column("account", sa.Column("plan", sa.Text()))
        """,
        """
        op.execute("SET LOCAL lock_timeout = '2s'")
        with op.get_context().autocommit_block():
            op.drop_index("ix_book_title", table_name="book")
        """,
    ],
)
def test_first_lock_without_a_limit_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15", lock_timeout=False)


@pytest.mark.parametrize(
    "body",
    [
        """
        op.execute("SET lock_timeout = '2s'")
        op.add_column("account", sa.Column("plan", sa.Text()))
        """,
        """
        op.execute("SET LOCAL lock_timeout = '2s'")
        op.add_column("account", sa.Column("plan", sa.Text()))
        """,
        """
        op.execute("SELECT set_config('lock_timeout', '2s', true)")
        op.add_column("account", sa.Column("plan", sa.Text()))
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer()), sa.Column("name", sa.Text()))
        op.add_column("tag", sa.Column("n", sa.Integer()))
        """,
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
        """,
        """op.execute("COMMENT ON TABLE account IS 'people'")""",
    ],
)
def test_lock_with_a_limit_or_of_no_consequence_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15", lock_timeout=False)


def test_runner_that_sets_a_timeout_is_clean() -> None:
    assert_clean(RULE, 'op.add_column("account", sa.Column("plan", sa.Text()))', "postgresql:15")


def test_message_in_full() -> None:
    body = 'op.add_column("account", sa.Column("plan", sa.Text()))'
    finding = assert_flags(RULE, body, "postgresql:15", lock_timeout=False)
    assert finding.message == (
        "If a transaction on account stays open, this statement waits for it without a limit, and everybody "
        "else waits behind for account."
    )
    assert finding.instead == (
        "Set a limit before it, and run the revision again if it strikes:\n"
        "\n"
        "    op.execute(\"SET LOCAL lock_timeout = '2s'\")"
    )
