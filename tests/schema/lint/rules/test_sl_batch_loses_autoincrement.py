from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-batch-loses-autoincrement"
ON = "sqlite:3.40"
BODY = """
op.execute("CREATE TABLE tag (id INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER)")
with op.batch_alter_table("tag") as batch:
    batch.alter_column("size", nullable=False)
"""


@pytest.mark.parametrize(
    "body",
    [
        """
        op.execute("CREATE TABLE tag (id INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER)")
        with op.batch_alter_table("tag") as batch:
            batch.alter_column("size", nullable=False)
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("size",
            sa.Integer()), sqlite_autoincrement=True)
        with op.batch_alter_table("tag") as batch:
            batch.alter_column("size", nullable=False)
        """,
    ],
)
def test_rebuild_that_forgets_autoincrement_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        """
        op.execute("CREATE TABLE tag (id INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER)")
        with op.batch_alter_table("tag", table_kwargs={"sqlite_autoincrement": True}) as batch:
            batch.alter_column("size", nullable=False)
        """,
        """
        op.execute("CREATE TABLE tag (id INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER)")
        with op.batch_alter_table("tag", reflect_kwargs={"sqlite_autoincrement": True}) as batch:
            batch.alter_column("size", nullable=False)
        """,
        """
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.execute("CREATE TABLE tag (id INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER)")
        with op.batch_alter_table("tag") as batch:
            batch.add_column(sa.Column("rank", sa.Integer()))
        """,
    ],
)
def test_rebuild_that_forgets_autoincrement_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "New rows of tag get the numbers of deleted ones from now on: the block rebuilds the table without "
        "AUTOINCREMENT, which Alembic cannot read from the database."
    )
    assert finding.instead == (
        "Say it again:\n"
        "\n"
        '    with op.batch_alter_table("tag", table_kwargs={"sqlite_autoincrement": True}) as batch_op:'
    )


def test_runner_that_rebuilds_without_a_loss_is_clean() -> None:
    assert_clean(RULE, BODY, ON, guarded_rebuild=True)
