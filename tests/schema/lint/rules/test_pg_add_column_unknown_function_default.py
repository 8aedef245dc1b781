from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-add-column-unknown-function-default"


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("code", sa.String(12), server_default=sa.text("short_code()")))',
        'op.add_column("account", sa.Column("code", sa.String(12), server_default=sa.text("lower(app.code(8))")))',
        'op.execute("ALTER TABLE account ADD COLUMN code text DEFAULT short_code()")',
    ],
)
def test_function_of_ones_own_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """op.add_column("account", sa.Column("code", sa.String(12), server_default=sa.text("upper('code()')")))""",
        'op.add_column("account", sa.Column("token", sa.Uuid(), server_default=sa.text("gen_random_uuid()")))',
        'op.add_column("account", sa.Column("sum", sa.Numeric(10, 2), server_default=sa.text("(0)::numeric(10, 2)")))',
        'op.execute("ALTER TABLE account ADD COLUMN tags text[] DEFAULT ARRAY[]::text[]")',
        """
        op.create_table("tag", sa.Column("id", sa.Integer()))
        op.add_column("tag", sa.Column("code", sa.Text(), server_default=sa.text("short_code()")))
        """,
    ],
)
def test_function_that_is_known_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = (
        'op.add_column("account", sa.Column("code", sa.String(12), server_default=sa.text("short_code()")))'
    )
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "If short_code() is VOLATILE, as functions are unless declared otherwise, nobody can read or write "
        "account while PostgreSQL writes it anew to give each row its own code."
    )
    assert finding.instead == (
        "Unless the function is declared STABLE or IMMUTABLE, add the column empty, give new rows their "
        "default, and fill the old rows in batches:\n"
        "\n"
        "    op.add_column('account', sa.Column('code', sa.String(length=12), nullable=True))\n"
        "    op.alter_column('account', 'code',\n"
        "               server_default=sa.text('short_code()'))\n"
        "    # revision 2, after r1: the rows that are there\n"
        "    with op.get_context().autocommit_block():\n"
        "        for start in range(1, 1_000_001, 1000):  # up to the greatest key\n"
        '            op.execute(f"UPDATE account SET code = DEFAULT WHERE id BETWEEN {start} AND {start + '
        '999}")'
    )
