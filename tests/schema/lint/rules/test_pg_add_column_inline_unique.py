from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-add-column-inline-unique"


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("slug", sa.String(80), unique=True))',
        'op.execute("ALTER TABLE account ADD COLUMN slug text UNIQUE")',
        'op.execute("ALTER TABLE shelf ADD COLUMN code int PRIMARY KEY")',
    ],
)
def test_unique_column_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("slug", sa.String(80)))',
        'op.add_column("account", sa.Column("slug", sa.String(80), unique=True, index=True))',
        'op.execute("ALTER TABLE account ADD COLUMN slug text")',
        """
        op.create_table("tag", sa.Column("name", sa.Text()))
        op.add_column("tag", sa.Column("slug", sa.Text(), unique=True))
        """,
    ],
)
def test_column_without_it_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = 'op.add_column("account", sa.Column("slug", sa.String(80), unique=True))'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "Nobody can read or write account while PostgreSQL builds the unique index of slug; the more rows, "
        "the longer."
    )
    assert finding.instead == (
        "Add the column; in the next revision build the index concurrently and give it to the constraint:\n"
        "\n"
        "    op.add_column('account', sa.Column('slug', sa.String(length=80), nullable=True))\n"
        "    # revision 2, after r1\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.create_index('uq_account_slug', 'account', ['slug'], unique=True, "
        "postgresql_concurrently=True)\n"
        '    op.execute("ALTER TABLE account ADD CONSTRAINT uq_account_slug UNIQUE USING INDEX '
        'uq_account_slug")'
    )
