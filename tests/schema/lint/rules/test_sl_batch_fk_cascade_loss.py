from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags, judge

RULE = "sl-batch-fk-cascade-loss"
ON = "sqlite:3.40"
BODY = """
with op.batch_alter_table("forum") as batch:
    batch.alter_column("place", type_=sa.BigInteger())
"""


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.batch_alter_table("forum") as batch:
            batch.alter_column("place", type_=sa.BigInteger())
        """,
        """
        with op.batch_alter_table("forum") as batch:
            batch.drop_column("place")
        """,
        """
        with op.batch_alter_table("forum") as batch:
            batch.alter_column("place", type_=sa.BigInteger())
            batch.add_column(sa.Column("rank", sa.Integer()))
        """,
        """
        op.execute("PRAGMA foreign_keys=OFF")
        with op.batch_alter_table("forum") as batch:
            batch.alter_column("place", type_=sa.BigInteger())
        """,
        """
        with op.batch_alter_table("forum") as batch:
            batch.add_column(sa.Column("seen", sa.DateTime(), server_default=sa.func.now()))
        """,
        """
        op.execute("ALTER TABLE shelf ADD COLUMN account_id INTEGER REFERENCES account (id) ON DELETE CASCADE")
        with op.batch_alter_table("account") as batch:
            batch.alter_column("bio", type_=sa.String(500))
        """,
    ],
)
def test_rebuild_that_cascades_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.batch_alter_table("forum") as batch:
            batch.add_column(sa.Column("rank", sa.Integer()))
        """,
        """
        with op.batch_alter_table("topic") as batch:
            batch.alter_column("forum_id", nullable=False)
        """,
        """
        with op.get_context().autocommit_block():
            op.execute("PRAGMA foreign_keys=OFF")
        with op.batch_alter_table("forum") as batch:
            batch.alter_column("place", type_=sa.BigInteger())
        """,
        """
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        with op.batch_alter_table("account") as batch:
            batch.alter_column("bio", type_=sa.String(500))
        """,
        'op.add_column("forum", sa.Column("rank", sa.Integer()))',
        """
        op.create_table("post", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("shelf_id",
            sa.Integer(), sa.ForeignKey("shelf.id", ondelete="CASCADE")))
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
    ],
)
def test_rebuild_that_cascades_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "All rows of 'topic' that refer to forum are deleted, without an error: the block drops the old "
        "table, SQLite deletes its rows first because foreign keys are on, and ON DELETE CASCADE follows them."
    )
    assert finding.instead == (
        "Switch foreign keys off outside the transaction, or in env.py before it begins, and check the "
        "references afterwards:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.execute("PRAGMA foreign_keys=OFF")\n'
        "    with op.batch_alter_table('forum') as batch_op:\n"
        "        batch_op.alter_column('place',\n"
        "                   type_=sa.BigInteger())\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.execute("PRAGMA foreign_keys=ON")\n'
        "    # then: PRAGMA foreign_key_check"
    )


def test_runner_that_switches_foreign_keys_off_is_clean() -> None:
    assert_clean(RULE, BODY, ON, foreign_keys=False)


def test_nothing_else_is_said_about_the_same_rebuild() -> None:
    found = [finding.rule for finding in judge(BODY, ON)]
    assert found == [RULE]
