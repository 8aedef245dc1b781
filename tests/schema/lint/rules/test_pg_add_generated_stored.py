from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-add-generated-stored"


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("name_key", sa.Text(), sa.Computed("lower(name)", persisted=True)))',
        'op.add_column("account", sa.Column("name_key", sa.Text(), sa.Computed("lower(name)")))',
        'op.execute("ALTER TABLE account ADD COLUMN name_key text GENERATED ALWAYS AS (lower(name)) STORED")',
    ],
)
def test_stored_value_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("name_key", sa.Text()))',
        'op.add_column("account", sa.Column("name_key", sa.Text(), server_default="lower"))',
        """
        op.create_table("tag", sa.Column("name", sa.Text()))
        op.add_column("tag", sa.Column("key", sa.Text(), sa.Computed("lower(name)", persisted=True)))
        """,
    ],
)
def test_ordinary_column_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_virtual_column_of_version_18_is_clean() -> None:
    body = (
        'op.execute("ALTER TABLE account ADD COLUMN name_key text GENERATED ALWAYS AS (lower(name)) VIRTUAL")'
    )
    assert_clean(RULE, body, "postgresql:18")
    assert_flags(RULE, body.replace("VIRTUAL", "STORED"), "postgresql:18")


def test_message_in_full() -> None:
    body = 'op.add_column("account", sa.Column("name_key", sa.Text(), sa.Computed("lower(name)", persisted=True)))'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "Nobody can read or write account while PostgreSQL computes name_key for every row and writes the "
        "table and all its indexes anew; the more rows, the longer."
    )
    assert finding.instead == (
        "Add an ordinary column that the application or a trigger writes, and fill the old rows in batches; "
        "to search for the value, an index on the expression is enough:\n"
        "\n"
        "    op.add_column('account', sa.Column('name_key', sa.Text(), nullable=True))\n"
        "    # revision 2, after r1, when every INSERT and UPDATE writes name_key\n"
        "    with op.get_context().autocommit_block():\n"
        "        for start in range(1, 1_000_001, 1000):  # up to the greatest key\n"
        '            op.execute(f"UPDATE account SET name_key = lower(name) WHERE id BETWEEN {start} AND '
        '{start + 999}")'
    )
