from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-batch-fk-restrict"
ON = "sqlite:3.40"
BODY = """
with op.batch_alter_table("account") as batch:
    batch.alter_column("bio", type_=sa.String(500))
"""


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.batch_alter_table("account") as batch:
            batch.alter_column("bio", type_=sa.String(500))
        """,
        """
        with op.batch_alter_table("account") as batch:
            batch.create_check_constraint("ck_account_age", "age > 0")
        """,
        """
        op.execute("ALTER TABLE shelf ADD COLUMN account_id INTEGER REFERENCES account (id) ON DELETE RESTRICT")
        with op.batch_alter_table("account") as batch:
            batch.alter_column("bio", type_=sa.String(500))
        """,
        """
        op.execute("UPDATE account SET age = 1 WHERE id = 1")
        op.execute("PRAGMA foreign_keys=OFF")
        with op.batch_alter_table("account") as batch:
            batch.alter_column("bio", type_=sa.String(500))
        """,
    ],
)
def test_rebuild_that_a_reference_stops_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        with op.get_context().autocommit_block():
            op.execute("PRAGMA foreign_keys=OFF")
        with op.batch_alter_table("account") as batch:
            batch.alter_column("bio", type_=sa.String(500))
        """,
        """
        with op.batch_alter_table("book") as batch:
            batch.alter_column("isbn", type_=sa.String(20))
        """,
        """
        with op.batch_alter_table("account") as batch:
            batch.add_column(sa.Column("rank", sa.Integer()))
        """,
        """
        with op.batch_alter_table("forum") as batch:
            batch.alter_column("place", type_=sa.BigInteger())
        """,
    ],
)
def test_rebuild_that_a_reference_stops_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "The revision fails with `FOREIGN KEY constraint failed` as soon as a row of 'book' refers to "
        "account: the block drops the old table, and SQLite deletes its rows first because foreign keys are on."
    )
    assert finding.instead == (
        "Switch foreign keys off outside the transaction, or in env.py before it begins, and check the "
        "references afterwards:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.execute("PRAGMA foreign_keys=OFF")\n'
        "    with op.batch_alter_table('account') as batch_op:\n"
        "        batch_op.alter_column('bio',\n"
        "                   type_=sa.String(length=500))\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.execute("PRAGMA foreign_keys=ON")\n'
        "    # then: PRAGMA foreign_key_check"
    )


def test_runner_that_switches_foreign_keys_off_is_clean() -> None:
    assert_clean(RULE, BODY, ON, foreign_keys=False)
