from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-batch-loses-collation"
ON = "sqlite:3.40"
BODY = """
op.add_column("shelf", sa.Column("code", sa.String(9, collation="NOCASE")))
with op.batch_alter_table("shelf") as batch:
    batch.alter_column("label", type_=sa.Text())
"""


@pytest.mark.parametrize(
    "body",
    [
        """
        op.add_column("shelf", sa.Column("code", sa.String(9, collation="NOCASE")))
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.execute("CREATE TABLE tag (id INTEGER PRIMARY KEY, size INTEGER, code TEXT COLLATE NOCASE UNIQUE)")
        with op.batch_alter_table("tag") as batch:
            batch.alter_column("size", nullable=False)
        """,
    ],
)
def test_rebuild_that_forgets_a_collation_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.add_column("shelf", sa.Column("code", sa.String(9, collation="NOCASE")))
        with op.batch_alter_table("shelf") as batch:
            batch.drop_column("code")
        """,
        """
        op.add_column("shelf", sa.Column("code", sa.String(9, collation="NOCASE")))
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("code", type_=sa.String(20, collation="NOCASE"))
        """,
        """
        op.add_column("shelf", sa.Column("code", sa.String(9, collation="NOCASE")))
        with op.batch_alter_table("shelf", reflect_args=[sa.Column("code", sa.String(9, collation="NOCASE"))]) as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
    ],
)
def test_rebuild_that_forgets_a_collation_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "'code' of shelf loses the collation NOCASE: the block rebuilds the table, and Alembic cannot read "
        "collations. Searches and UNIQUE then compare otherwise."
    )
    assert finding.instead == (
        "Give the column again, as it is:\n"
        "\n"
        '    with op.batch_alter_table("shelf", reflect_args=[sa.Column("code", sa.String(length=9, '
        "collation='NOCASE'))]) as batch_op:"
    )


def test_runner_that_rebuilds_without_a_loss_is_clean() -> None:
    assert_clean(RULE, BODY, ON, guarded_rebuild=True)
