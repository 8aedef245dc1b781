from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-add-column-not-null-default-app"


@pytest.mark.parametrize(
    "body",
    [
        """
        op.add_column("account", sa.Column("plan", sa.String(20), nullable=False, server_default="free"))
        op.alter_column("account", "plan", server_default=None)
        """,
        """
        op.add_column("account", sa.Column("plan", sa.String(20), server_default="free"))
        op.alter_column("account", "plan", nullable=False)
        op.alter_column("account", "plan", server_default=None)
        """,
        """
        op.execute("ALTER TABLE account ADD COLUMN plan text NOT NULL DEFAULT 'free'")
        op.execute("ALTER TABLE account ALTER COLUMN plan DROP DEFAULT")
        """,
    ],
)
def test_default_that_is_gone_at_once_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("plan", sa.String(20), nullable=False, server_default="free"))',
        """
        op.add_column("account", sa.Column("plan", sa.String(20), server_default="free"))
        op.alter_column("account", "plan", server_default=None)
        """,
        'op.alter_column("account", "active", server_default=None)',
        """
        op.add_column("account", sa.Column("plan", sa.String(20), nullable=False, server_default="free"))
        op.alter_column("account", "plan", server_default="paid")
        """,
        """
        op.create_table("tag", sa.Column("n", sa.Integer(), nullable=False, server_default="1"))
        op.alter_column("tag", "n", server_default=None)
        """,
    ],
)
def test_default_that_stays_or_is_not_needed_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = """
    op.add_column("account", sa.Column("plan", sa.String(20), nullable=False, server_default="free"))
    op.alter_column("account", "plan", server_default=None)
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "Every INSERT into account by code that does not know plan yet fails from this statement on: plan is "
        "NOT NULL and has no default any more."
    )
    assert finding.instead == (
        "Leave this statement out and keep the default; drop it in a later release, when all running code "
        "writes plan."
    )
