from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-batch-tmp-leftover"
ON = "sqlite:3.40"
BODY = """
op.execute("CREATE TABLE _alembic_tmp_shelf (id INTEGER PRIMARY KEY)")
with op.batch_alter_table("shelf") as batch:
    batch.alter_column("label", type_=sa.Text())
"""


@pytest.mark.parametrize(
    "body",
    [
        """
        op.execute("CREATE TABLE _alembic_tmp_shelf (id INTEGER PRIMARY KEY)")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.create_table("_alembic_tmp_shelf", sa.Column("id", sa.Integer()))
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
    ],
)
def test_rebuild_beside_a_left_over_copy_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.execute("CREATE TABLE _alembic_tmp_shelf (id INTEGER PRIMARY KEY)")
        op.drop_table("_alembic_tmp_shelf")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.execute("DROP TABLE IF EXISTS _alembic_tmp_shelf")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.execute("CREATE TABLE _alembic_tmp_shelf (id INTEGER PRIMARY KEY)")
        with op.batch_alter_table("book") as batch:
            batch.alter_column("isbn", type_=sa.String(20))
        """,
    ],
)
def test_rebuild_beside_a_left_over_copy_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "The revision fails with `table _alembic_tmp_shelf already exists`: an earlier try has left it behind."
    )
    assert finding.instead == (
        "If shelf is still there with all its rows, drop the copy first; if not, the copy holds the rows, "
        "so rename it to shelf:\n"
        "\n"
        '    op.execute("DROP TABLE IF EXISTS _alembic_tmp_shelf")'
    )


def test_runner_that_rebuilds_without_a_loss_is_clean() -> None:
    assert_clean(RULE, BODY, ON, guarded_rebuild=True)
