from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-batch-loses-triggers"
ON = "sqlite:3.40"
BODY = """
op.execute("CREATE TRIGGER shelf_seen AFTER INSERT ON shelf BEGIN SELECT 1; END")
with op.batch_alter_table("shelf") as batch:
    batch.alter_column("label", type_=sa.Text())
"""


@pytest.mark.parametrize(
    "body",
    [
        """
        op.execute("CREATE TRIGGER shelf_seen AFTER INSERT ON shelf BEGIN SELECT 1; END")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.execute("CREATE TRIGGER shelf_seen AFTER INSERT ON shelf BEGIN SELECT 1; END")
        op.execute("CREATE TRIGGER shelf_gone AFTER DELETE ON shelf BEGIN SELECT 1; END")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.execute("CREATE TRIGGER shelf_seen AFTER INSERT ON shelf BEGIN SELECT 1; END")
        with op.batch_alter_table("shelf") as batch:
            batch.create_unique_constraint("uq_shelf_label", ["label"])
        """,
    ],
)
def test_rebuild_that_forgets_triggers_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        'op.execute("CREATE TRIGGER shelf_seen AFTER INSERT ON shelf BEGIN SELECT 1; END")',
        """
        op.execute("CREATE TRIGGER shelf_seen AFTER INSERT ON shelf BEGIN SELECT 1; END")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        op.execute("CREATE TRIGGER shelf_seen AFTER INSERT ON shelf BEGIN SELECT 1; END")
        """,
        """
        op.execute("CREATE TRIGGER shelf_seen AFTER INSERT ON shelf BEGIN SELECT 1; END")
        op.execute("DROP TRIGGER shelf_seen")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.execute("CREATE TRIGGER shelf_seen AFTER INSERT ON shelf BEGIN SELECT 1; END")
        with op.batch_alter_table("shelf") as batch:
            batch.add_column(sa.Column("rank", sa.Integer()))
        """,
        """
        op.execute("CREATE TRIGGER shelf_seen AFTER INSERT ON shelf BEGIN SELECT 1; END")
        with op.batch_alter_table("book") as batch:
            batch.alter_column("isbn", type_=sa.String(20))
        """,
    ],
)
def test_rebuild_that_forgets_triggers_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "shelf loses its trigger 'shelf_seen' without a word: the block rebuilds the table, and triggers "
        "go with the old one. What they kept up to date goes stale."
    )
    assert finding.instead == (
        "Create them again behind the block, with the text of `SELECT sql FROM sqlite_master WHERE type = "
        "'trigger' AND tbl_name = 'shelf'`:\n"
        "\n"
        '    op.execute("CREATE TRIGGER shelf_seen … ON shelf BEGIN … END")'
    )


def test_runner_that_keeps_triggers_is_clean() -> None:
    assert_clean(RULE, BODY, ON, guarded_rebuild=True)
