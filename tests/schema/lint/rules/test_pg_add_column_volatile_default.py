from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-add-column-volatile-default"


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("token", sa.Uuid(), server_default=sa.text("gen_random_uuid()")))',
        'op.add_column("account", sa.Column("seen", sa.DateTime(), server_default=sa.func.clock_timestamp()))',
        """op.add_column("account", sa.Column("n", sa.Integer(), server_default=sa.text("nextval('account_n')")))""",
        'op.execute("ALTER TABLE account ADD COLUMN luck float DEFAULT random() * 6")',
        'op.get_bind().execute(sa.text("ALTER TABLE account ADD token uuid DEFAULT extensions.uuid_generate_v4()"))',
        """
        with op.batch_alter_table("account") as batch:
            batch.add_column(sa.Column("token", sa.Uuid(), server_default=sa.text("gen_random_uuid()")))
        """,
    ],
)
def test_value_for_each_row_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("seen", sa.DateTime(), server_default=sa.func.now()))',
        """op.add_column("account", sa.Column("until", sa.DateTime(), server_default=sa.text("now() + '1 day'")))""",
        'op.add_column("account", sa.Column("plan", sa.String(20), nullable=False, server_default="random()"))',
        """op.add_column("account", sa.Column("tags", sa.JSON(), server_default=sa.text("'{}'::jsonb")))""",
        """
        op.add_column("account", sa.Column("token", sa.Uuid()))
        op.alter_column("account", "token", server_default=sa.text("gen_random_uuid()"))
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer()))
        op.add_column("tag", sa.Column("token", sa.Uuid(), server_default=sa.text("gen_random_uuid()")))
        """,
        """op.execute("ALTER TABLE account ADD plan text NOT NULL DEFAULT 'free', ADD seen date DEFAULT now()")""",
    ],
)
def test_value_that_is_the_same_for_all_rows_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = (
        'op.add_column("account", sa.Column("token", sa.Uuid(), server_default=sa.text("gen_random_uuid()")))'
    )
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "Nobody can read or write account while PostgreSQL writes it and all its indexes anew to give each "
        "row a token of its own from gen_random_uuid(); the more rows, the longer."
    )
    assert finding.instead == (
        "Add token empty, give new rows their default, and fill the old rows in batches:\n"
        "\n"
        "    op.add_column('account', sa.Column('token', sa.Uuid(), nullable=True))\n"
        "    op.alter_column('account', 'token',\n"
        "               server_default=sa.text('gen_random_uuid()'))\n"
        "    # revision 2, after r1: the rows that are there\n"
        "    with op.get_context().autocommit_block():\n"
        "        for start in range(1, 1_000_001, 1000):  # up to the greatest key\n"
        '            op.execute(f"UPDATE account SET token = DEFAULT WHERE id BETWEEN {start} AND {start + '
        '999}")'
    )
