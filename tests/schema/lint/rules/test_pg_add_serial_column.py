from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-add-serial-column"


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("ALTER TABLE account ADD COLUMN number serial")',
        'op.execute("ALTER TABLE account ADD number bigserial NOT NULL UNIQUE")',
        'op.add_column("shelf", sa.Column("number", sa.Integer(), primary_key=True))',
    ],
)
def test_column_that_numbers_rows_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("number", sa.BigInteger()))',
        'op.add_column("account", sa.Column("number", sa.Integer(), autoincrement=True))',
        'op.add_column("account", sa.Column("number", sa.BigInteger(), sa.Identity()))',
        """
        op.execute("CREATE SEQUENCE s")
        op.add_column("account", sa.Column("number", sa.BigInteger()))
        op.alter_column("account", "number", server_default=sa.text("nextval('s')"))
        """,
        """
        op.create_table("tag", sa.Column("name", sa.Text()))
        op.execute("ALTER TABLE tag ADD COLUMN number serial")
        """,
    ],
)
def test_column_without_numbers_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = 'op.execute("ALTER TABLE account ADD COLUMN number serial")'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "Nobody can read or write account while PostgreSQL numbers every row for number and writes the table "
        "and all its indexes anew; the more rows, the longer."
    )
    assert finding.instead == (
        "Add number empty with a sequence for new rows, and number the old rows in batches:\n"
        "\n"
        '    op.execute("CREATE SEQUENCE account_number_seq")\n'
        "    op.add_column('account', sa.Column('number', sa.INTEGER(), nullable=True))\n"
        "    op.alter_column('account', 'number',\n"
        "               server_default=sa.text(\"nextval('account_number_seq')\"))\n"
        "    # revision 2, after r1: the rows that are there\n"
        "    with op.get_context().autocommit_block():\n"
        "        for start in range(1, 1_000_001, 1000):  # up to the greatest key\n"
        '            op.execute(f"UPDATE account SET number = DEFAULT WHERE id BETWEEN {start} AND {start + '
        '999}")'
    )
