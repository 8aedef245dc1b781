from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-cic-unnamed"


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.get_context().autocommit_block():
            op.execute("CREATE INDEX CONCURRENTLY ON account (name)")
        """,
        """
        with op.get_context().autocommit_block():
            op.execute("CREATE UNIQUE INDEX CONCURRENTLY ON account (lower(name))")
        """,
        """
        with op.get_context().autocommit_block():
            op.create_index(None, "account", ["name"], postgresql_concurrently=True)
        """,
    ],
)
def test_build_without_a_name_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.get_context().autocommit_block():
            op.create_index("ix_account_name", "account", ["name"], postgresql_concurrently=True)
        """,
        'op.execute("CREATE INDEX ON account (name)")',
        """
        with op.get_context().autocommit_block():
            op.execute("CREATE INDEX CONCURRENTLY ix_a ON account (name)")
        """,
    ],
)
def test_index_with_a_name_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = """
    with op.get_context().autocommit_block():
        op.execute("CREATE INDEX CONCURRENTLY ON account (name)")
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "If this build is cut short, an invalid index of a made-up name stays on account and slows every "
        "write; the next run builds another one beside it."
    )
    assert finding.instead == (
        "Give the index a name, so that a failed build can be dropped and repeated:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.create_index('account_name_idx', 'account', ['name'], unique=False, "
        "postgresql_concurrently=True)"
    )
