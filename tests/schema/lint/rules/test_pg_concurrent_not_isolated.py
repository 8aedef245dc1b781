from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-concurrent-not-isolated"


@pytest.mark.parametrize(
    "body",
    [
        """
        op.add_column("account", sa.Column("plan", sa.Text()))
        with op.get_context().autocommit_block():
            op.create_index("uq_name", "account", ["name"], unique=True, postgresql_concurrently=True)
        """,
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
            op.create_index("uq_name", "account", ["name"], unique=True, postgresql_concurrently=True)
        """,
        """
        op.execute("ALTER TABLE account ADD COLUMN plan text")
        with op.get_context().autocommit_block():
            op.execute("CREATE UNIQUE INDEX CONCURRENTLY uq_name ON account (name)")
        """,
    ],
)
def test_unique_build_after_other_changes_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.get_context().autocommit_block():
            op.create_index("uq_name", "account", ["name"], unique=True, postgresql_concurrently=True)
        """,
        """
        with op.get_context().autocommit_block():
            op.create_index("uq_name", "account", ["name"], unique=True, postgresql_concurrently=True)
        op.add_column("account", sa.Column("plan", sa.Text()))
        """,
        """
        op.add_column("account", sa.Column("plan", sa.Text()))
        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
        """,
        """
        op.execute("ALTER TABLE account ADD COLUMN IF NOT EXISTS plan text")
        with op.get_context().autocommit_block():
            op.create_index("uq_name", "account", ["name"], unique=True, postgresql_concurrently=True)
        """,
        """
        op.add_column("account", sa.Column("plan", sa.Text()))
        with op.get_context().autocommit_block():
            op.create_index("uq_plan", "account", ["plan"], unique=True, postgresql_concurrently=True)
        """,
        """
        with op.get_context().autocommit_block():
            op.drop_index("uq_name", if_exists=True, postgresql_concurrently=True)
            op.create_index("uq_name", "account", ["name"], unique=True, postgresql_concurrently=True)
        """,
    ],
)
def test_build_that_can_be_repeated_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = """
    op.add_column("account", sa.Column("plan", sa.Text()))
    with op.get_context().autocommit_block():
        op.create_index("uq_name", "account", ["name"], unique=True, postgresql_concurrently=True)
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "If account holds a duplicate, the build of uq_name fails when the change in line 9 is already "
        "committed, and the database still stands at the revision before: the next `flask db upgrade` fails "
        "there."
    )
    assert finding.instead == (
        "Build uq_name in a revision of its own:\n"
        "\n"
        "    # revision 2, after r1\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.create_index('uq_name', 'account', ['name'], unique=True, postgresql_concurrently=True)"
    )
