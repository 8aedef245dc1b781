from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-batch-generated-broken"
ON = "sqlite:3.40"
BODY = """
op.add_column("shelf", sa.Column("size", sa.Integer(), sa.Computed("length(label)",
    persisted=False)))
with op.batch_alter_table("shelf") as batch:
    batch.alter_column("label", type_=sa.Text())
"""


@pytest.mark.parametrize(
    "body",
    [
        """
        op.add_column("shelf", sa.Column("size", sa.Integer(), sa.Computed("length(label)",
            persisted=False)))
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.execute("CREATE TABLE tag (id INTEGER PRIMARY KEY, size INTEGER, twice INTEGER AS (size * 2) STORED)")
        with op.batch_alter_table("tag") as batch:
            batch.alter_column("size", nullable=False)
        """,
    ],
)
def test_rebuild_with_a_generated_column_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.add_column("shelf", sa.Column("size", sa.Integer(), sa.Computed("length(label)",
            persisted=False)))
        with op.batch_alter_table("shelf") as batch:
            batch.drop_column("size")
        """,
        """
        op.add_column("shelf", sa.Column("size", sa.Integer(), sa.Computed("length(label)",
            persisted=False)))
        op.drop_column("shelf", "size")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.add_column("shelf", sa.Column("size", sa.Integer(), sa.Computed("length(label)",
            persisted=False)))
        with op.batch_alter_table("shelf") as batch:
            batch.add_column(sa.Column("rank", sa.Integer()))
        """,
    ],
)
def test_rebuild_with_a_generated_column_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "The revision fails with `cannot INSERT into generated column` or a syntax error: the block "
        "rebuilds shelf and takes 'size' for an ordinary column."
    )
    assert finding.instead == (
        "Drop 'size' before the block and add it again behind it; the values come back by themselves:\n"
        "\n"
        '    op.drop_column("shelf", "size")\n'
        '    with op.batch_alter_table("shelf") as batch_op:\n'
        "        …\n"
        '    op.add_column("shelf", sa.Column("size", …, sa.Computed("…", persisted=False)))'
    )


def test_runner_that_rebuilds_without_a_loss_is_clean() -> None:
    assert_clean(RULE, BODY, ON, guarded_rebuild=True)
