from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-add-column-implicit-index"


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("slug", sa.String(80), index=True))',
        'op.add_column("account", sa.Column("slug", sa.String(80), index=True, unique=True))',
        """
        with op.batch_alter_table("account") as batch:
            batch.add_column(sa.Column("slug", sa.String(80), index=True))
        """,
    ],
)
def test_index_of_the_column_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("slug", sa.String(80)))',
        'op.add_column("account", sa.Column("slug", sa.String(80), index=False))',
        'op.execute("ALTER TABLE account ADD COLUMN slug text")',
        """
        op.create_table("tag", sa.Column("name", sa.Text()))
        op.add_column("tag", sa.Column("slug", sa.Text(), index=True))
        """,
    ],
)
def test_column_without_one_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = 'op.add_column("account", sa.Column("slug", sa.String(80), index=True))'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "index=True builds the index of slug at once, while account is still locked by the new column: nobody"
        " can read or write it until all of it has been read."
    )
    assert finding.instead == (
        "Leave index=True out; build the index concurrently in the next revision:\n"
        "\n"
        "    op.add_column('account', sa.Column('slug', sa.String(length=80), nullable=True))\n"
        "    # revision 2, after r1\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.create_index('ix_account_slug', 'account', ['slug'], unique=False, "
        "postgresql_concurrently=True)"
    )
