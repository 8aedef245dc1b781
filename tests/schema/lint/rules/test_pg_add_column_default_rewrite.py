from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-add-column-default-rewrite"


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("plan", sa.String(20), server_default="free"))',
        'op.add_column("account", sa.Column("seen", sa.DateTime(), nullable=False, server_default=sa.func.now()))',
        """op.execute("ALTER TABLE account ADD COLUMN plan text DEFAULT 'free'")""",
    ],
)
def test_default_before_version_11_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:10")


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("plan", sa.String(20)))',
        """
        op.add_column("account", sa.Column("plan", sa.String(20)))
        op.alter_column("account", "plan", server_default="free")
        """,
        'op.add_column("account", sa.Column("token", sa.Uuid(), server_default=sa.text("gen_random_uuid()")))',
        """
        op.create_table("tag", sa.Column("id", sa.Integer()))
        op.add_column("tag", sa.Column("plan", sa.Text(), server_default="free"))
        """,
    ],
)
def test_column_without_one_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:10")


@pytest.mark.parametrize("server", ["postgresql:11", "postgresql:15", "mariadb:10.11", "sqlite:3.40"])
def test_default_that_is_only_noted_down_is_clean(server: str) -> None:
    assert_clean(
        RULE, 'op.add_column("account", sa.Column("plan", sa.String(20), server_default="free"))', server
    )


def test_message_in_full() -> None:
    body = 'op.add_column("account", sa.Column("plan", sa.String(20), server_default="free"))'
    finding = assert_flags(RULE, body, "postgresql:10")
    assert finding.message == (
        "Nobody can read or write account while PostgreSQL 10 writes the default of plan into every row and "
        "builds all indexes anew; the more rows, the longer."
    )
    assert finding.instead == (
        "Add plan empty, give new rows their default, and fill the old rows in batches:\n"
        "\n"
        "    op.add_column('account', sa.Column('plan', sa.String(length=20), nullable=True))\n"
        "    op.alter_column('account', 'plan',\n"
        "               server_default='free')\n"
        "    # revision 2, after r1: the rows that are there\n"
        "    with op.get_context().autocommit_block():\n"
        "        for start in range(1, 1_000_001, 1000):  # up to the greatest key\n"
        '            op.execute(f"UPDATE account SET plan = DEFAULT WHERE id BETWEEN {start} AND {start + '
        '999}")'
    )
