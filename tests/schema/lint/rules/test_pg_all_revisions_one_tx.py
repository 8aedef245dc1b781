from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-all-revisions-one-tx"


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("plan", sa.Text()))',
        'op.execute("ALTER TABLE account ADD COLUMN plan text")',
        """
        op.create_table("tag", sa.Column("id", sa.Integer()), sa.Column("name", sa.Text()))
        op.add_column("account", sa.Column("plan", sa.Text()))
        op.add_column("book", sa.Column("plan", sa.Text()))
        """,
    ],
)
def test_lock_that_later_revisions_prolong_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15", transaction_per_migration=False)


@pytest.mark.parametrize(
    "body",
    [
        'op.create_table("tag", sa.Column("id", sa.Integer()), sa.Column("name", sa.Text()))',
        """
        with op.get_context().autocommit_block():
            op.add_column("account", sa.Column("plan", sa.Text()))
        """,
        """op.execute("COMMENT ON TABLE account IS 'people'")""",
    ],
)
def test_revision_that_locks_nobody_out_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15", transaction_per_migration=False)


def test_transaction_for_each_revision_is_clean() -> None:
    assert_clean(RULE, 'op.add_column("account", sa.Column("plan", sa.Text()))', "postgresql:15")


def test_message_in_full() -> None:
    body = 'op.add_column("account", sa.Column("plan", sa.Text()))'
    finding = assert_flags(RULE, body, "postgresql:15", transaction_per_migration=False)
    assert finding.message == (
        "Nobody can read or write account from here until every revision that `flask db upgrade` runs with "
        "this one is done: they share a transaction."
    )
    assert finding.instead == (
        "Give each revision a transaction of its own in migrations/env.py:\n"
        "\n"
        "    context.configure(..., transaction_per_migration=True)"
    )
