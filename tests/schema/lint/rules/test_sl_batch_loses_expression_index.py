from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-batch-loses-expression-index"
ON = "sqlite:3.40"
BODY = """
op.execute("CREATE INDEX ix_shelf_lower ON shelf (lower(label))")
with op.batch_alter_table("shelf") as batch:
    batch.alter_column("label", type_=sa.Text())
"""


@pytest.mark.parametrize(
    "body",
    [
        """
        op.execute("CREATE INDEX ix_shelf_lower ON shelf (lower(label))")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.create_index("ix_shelf_lower", "shelf", [sa.text("lower(label)")])
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.create_index("ix_shelf_lower", "shelf", [sa.func.lower(sa.column("label"))], unique=True)
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
    ],
)
def test_rebuild_that_forgets_an_index_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        'op.execute("CREATE INDEX ix_shelf_lower ON shelf (lower(label))")',
        """
        op.execute("CREATE INDEX ix_shelf_lower ON shelf (lower(label))")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        op.execute("CREATE INDEX ix_shelf_lower ON shelf (lower(label))")
        """,
        """
        op.execute("CREATE INDEX ix_shelf_lower ON shelf (lower(label))")
        op.drop_index("ix_shelf_lower", "shelf")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.create_index("ix_shelf_label", "shelf", [sa.text("label DESC")])
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.create_index("ix_shelf_label", "shelf", ["label"], sqlite_where=sa.text("label IS NOT NULL"))
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
    ],
)
def test_rebuild_that_forgets_an_index_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "shelf loses index ix_shelf_lower without a word: the block rebuilds the table, and Alembic leaves "
        "out indexes on expressions. Queries that used it read the whole table."
    )
    assert finding.instead == (
        "Create it again behind the block:\n"
        "\n"
        '    op.execute("CREATE INDEX ix_shelf_lower ON shelf (lower(label))")'
    )


def test_runner_that_rebuilds_without_a_loss_is_clean() -> None:
    assert_clean(RULE, BODY, ON, guarded_rebuild=True)
