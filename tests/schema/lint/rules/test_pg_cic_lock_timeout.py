from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-cic-lock-timeout"


@pytest.mark.parametrize(
    "body",
    [
        """
        op.execute("SET lock_timeout = '2s'")
        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
        """,
        """
        with op.get_context().autocommit_block():
            op.execute("SET lock_timeout = '2s'")
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
        """,
        """
        op.execute("SET lock_timeout = '2s'")
        with op.get_context().autocommit_block():
            op.execute("CREATE INDEX CONCURRENTLY ix_account_name ON account (name)")
        """,
        """
        op.execute("SET lock_timeout TO 5000")
        with op.get_context().autocommit_block():
            op.execute("REINDEX INDEX CONCURRENTLY ix_book_title")
        """,
    ],
)
def test_build_under_a_timeout_of_the_revision_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
        """,
        """
        op.execute("SET LOCAL lock_timeout = '2s'")
        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
        """,
        """
        op.execute("SET lock_timeout = '2s'")
        with op.get_context().autocommit_block():
            op.execute("SET lock_timeout = 0")
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
        """,
        """
        op.execute("SET lock_timeout = '2s'")
        op.execute("RESET lock_timeout")
        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
        """,
        """
        op.execute("SET lock_timeout = '1h'")
        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
        """,
        """
        op.execute("SET lock_timeout = '2s'")
        with op.get_context().autocommit_block():
            op.drop_index("ix_book_title", table_name="book", postgresql_concurrently=True)
        """,
    ],
)
def test_build_that_may_wait_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = """
    op.execute("SET lock_timeout = '2s'")
    with op.get_context().autocommit_block():
        op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "A transaction that stays open longer than the lock_timeout of 2s (line 9) cuts the build of "
        "ix_account_name short and leaves an invalid index: every write maintains it, no query uses it."
    )
    assert finding.instead == (
        "Lift the timeout for this statement; while it waits it blocks nobody:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.execute("SET lock_timeout = 0")\n'
        "        op.create_index('ix_account_name', 'account', ['name'], unique=False, "
        "postgresql_concurrently=True)"
    )
