from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-batch-self-fk-cascade-loss"
ON = "sqlite:3.40"
BODY = """
with op.batch_alter_table("reply") as batch:
    batch.alter_column("likes", type_=sa.BigInteger())
"""


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.batch_alter_table("reply") as batch:
            batch.alter_column("likes", type_=sa.BigInteger())
        """,
        """
        with op.batch_alter_table("reply") as batch:
            batch.alter_column("likes", nullable=False)
        """,
        """
        op.execute("PRAGMA foreign_keys=OFF")
        with op.batch_alter_table("reply") as batch:
            batch.alter_column("likes", type_=sa.BigInteger())
        """,
    ],
)
def test_rebuild_that_cascades_into_itself_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.batch_alter_table("reply") as batch:
            batch.create_index("ix_reply_likes", ["likes"])
        """,
        """
        with op.get_context().autocommit_block():
            op.execute("PRAGMA foreign_keys=OFF")
        with op.batch_alter_table("reply") as batch:
            batch.alter_column("likes", type_=sa.BigInteger())
        """,
        """
        with op.batch_alter_table("forum") as batch:
            batch.alter_column("place", type_=sa.BigInteger())
        """,
        'op.add_column("reply", sa.Column("rank", sa.Integer()))',
    ],
)
def test_rebuild_that_cascades_into_itself_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "Every row of reply whose parent_id is set is deleted, without an error: the copy that the block "
        "makes refers to the old table, and ON DELETE CASCADE follows when SQLite empties and drops that one."
    )
    assert finding.instead == (
        "Switch foreign keys off outside the transaction, or in env.py before it begins, and check the "
        "references afterwards:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.execute("PRAGMA foreign_keys=OFF")\n'
        "    with op.batch_alter_table('reply') as batch_op:\n"
        "        batch_op.alter_column('likes',\n"
        "                   type_=sa.BigInteger())\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.execute("PRAGMA foreign_keys=ON")\n'
        "    # then: PRAGMA foreign_key_check"
    )


def test_runner_that_switches_foreign_keys_off_is_clean() -> None:
    assert_clean(RULE, BODY, ON, foreign_keys=False)
