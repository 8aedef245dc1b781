from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-batch-loses-unnamed-check"
ON = "sqlite:3.40"
BODY = """
op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("size",
    sa.Integer()), sa.CheckConstraint("size > 0"))
with op.batch_alter_table("tag") as batch:
    batch.alter_column("size", nullable=False)
"""


@pytest.mark.parametrize(
    "body",
    [
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("size",
            sa.Integer()), sa.CheckConstraint("size > 0"))
        with op.batch_alter_table("tag") as batch:
            batch.alter_column("size", nullable=False)
        """,
        """
        op.execute("CREATE TABLE tag (id INTEGER PRIMARY KEY, size INTEGER CHECK (size > 0))")
        with op.batch_alter_table("tag") as batch:
            batch.alter_column("size", nullable=False)
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("size",
            sa.Integer()), sa.Column("on", sa.Boolean(create_constraint=True)))
        with op.batch_alter_table("tag") as batch:
            batch.alter_column("size", nullable=False)
        """,
        """
        op.add_column("shelf", sa.Column("size", sa.Integer(), sa.CheckConstraint("size > 0")))
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
    ],
)
def test_rebuild_that_forgets_a_check_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("size",
            sa.Integer()), sa.CheckConstraint("size > 0", name="ck_tag_size"))
        with op.batch_alter_table("tag") as batch:
            batch.alter_column("size", nullable=False)
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("size",
            sa.Integer()), sa.CheckConstraint("size > 0"))
        with op.batch_alter_table("tag", table_args=[sa.CheckConstraint("size > 0", name="ck_tag_size")]) as batch:
            batch.alter_column("size", nullable=False)
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("size",
            sa.Integer()), sa.CheckConstraint("size > 0"))
        with op.batch_alter_table("tag") as batch:
            batch.drop_column("size")
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("size",
            sa.Integer()), sa.CheckConstraint("size > 0"))
        with op.batch_alter_table("tag") as batch:
            batch.add_column(sa.Column("rank", sa.Integer()))
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("size",
            sa.Integer()), sa.Column("on", sa.Boolean()))
        with op.batch_alter_table("tag") as batch:
            batch.alter_column("size", nullable=False)
        """,
    ],
)
def test_rebuild_that_forgets_a_check_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "tag loses CHECK (size > 0) without a word: the block rebuilds the table, and Alembic leaves out "
        "checks that have no name. Rows that were refused so far are then taken."
    )
    assert finding.instead == (
        "Hand it to the block, with a name:\n"
        "\n"
        "    with op.batch_alter_table(\"tag\", table_args=[sa.CheckConstraint('size > 0', "
        'name="ck_tag_1")]) as batch_op:'
    )


def test_runner_that_rebuilds_without_a_loss_is_clean() -> None:
    assert_clean(RULE, BODY, ON, guarded_rebuild=True)
