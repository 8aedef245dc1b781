from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-cic-if-not-exists-masks-invalid"


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True, if_not_exists=True)
        """,
        """
        with op.get_context().autocommit_block():
            op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_account_name ON account (name)")
        """,
        """
        with op.get_context().autocommit_block():
            op.execute("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS uq_name ON account (name)")
        """,
    ],
)
def test_build_that_any_index_of_the_name_satisfies_is_flagged(body: str) -> None:
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
            op.drop_index("ix_account_name", if_exists=True, postgresql_concurrently=True)
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True, if_not_exists=True)
        """,
        """
        with op.get_context().autocommit_block():
            op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_account_name")
            op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_account_name ON account (name)")
        """,
        'op.create_index("ix_account_name", "account", ["name"], if_not_exists=True)',
    ],
)
def test_build_that_is_certain_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = """
    with op.get_context().autocommit_block():
        op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True, if_not_exists=True)
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "If an earlier build of ix_account_name was cut short, IF NOT EXISTS takes its invalid rest for the "
        "index and reports success: no query on account uses it, and every write still pays for it."
    )
    assert finding.instead == (
        "Drop what a failed build left, then build without IF NOT EXISTS:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.drop_index('ix_account_name', table_name='account', postgresql_concurrently=True, "
        "if_exists=True)\n"
        "        op.create_index('ix_account_name', 'account', ['name'], unique=False, "
        "postgresql_concurrently=True)"
    )
