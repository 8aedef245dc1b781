from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "autocommit-without-tx-per-migration"
BLOCK = "with op.get_context().autocommit_block():\n    "


@pytest.mark.parametrize(
    "body",
    [
        BLOCK + 'op.create_index("ix", "account", ["name"], postgresql_concurrently=True)',
        BLOCK + 'op.execute("CREATE INDEX CONCURRENTLY ix ON account (name)")',
        BLOCK + 'op.execute("VACUUM account")\n' + BLOCK + 'op.execute("VACUUM book")',
        'op.add_column("account", sa.Column("a", sa.Text()))\n' + BLOCK + 'op.execute("VACUUM account")',
    ],
)
def test_block_in_one_transaction_for_all_is_flagged_once(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15", transaction_per_migration=False)


@pytest.mark.parametrize(
    ("body", "server", "own"),
    [
        (BLOCK + 'op.execute("VACUUM account")', "postgresql:15", True),
        ('op.add_column("account", sa.Column("a", sa.Text()))', "postgresql:15", False),
        ('op.execute("SELECT 1")', "postgresql:15", False),
        (BLOCK + 'op.execute("SELECT 1")', "mariadb:10.11", False),
    ],
)
def test_own_transaction_or_no_block_is_clean(body: str, server: str, own: bool) -> None:
    assert_clean(RULE, body, server, transaction_per_migration=own)


def test_message_in_full() -> None:
    body = BLOCK + 'op.execute("VACUUM account")'
    finding = assert_flags(RULE, body, "postgresql:15", transaction_per_migration=False)
    assert finding.message == (
        "The autocommit block commits every pending revision that ran before it, and the part of r1 that stands above "
        "it: if anything fails later, they stay half done."
    )
    assert finding.instead == (
        "Give each revision a transaction of its own, in env.py:\n\n"
        "    context.configure(\n        connection=connection,\n        target_metadata=target_metadata,\n"
        "        transaction_per_migration=True,\n    )"
    )
