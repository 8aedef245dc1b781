from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-batch-view-dependency"
ON = "sqlite:3.40"
BODY = """
op.execute("CREATE VIEW labels AS SELECT label FROM shelf")
with op.batch_alter_table("shelf") as batch:
    batch.alter_column("label", type_=sa.Text())
"""


@pytest.mark.parametrize(
    "body",
    [
        """
        op.execute("CREATE VIEW labels AS SELECT label FROM shelf")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.execute("CREATE VIEW both AS SELECT b.title, s.label FROM book b JOIN shelf s ON s.id = b.id")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
    ],
)
def test_rebuild_under_a_view_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.execute("CREATE VIEW labels AS SELECT label FROM shelf")
        op.execute("DROP VIEW labels")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.execute("PRAGMA legacy_alter_table=ON")
        op.execute("CREATE VIEW labels AS SELECT label FROM shelf")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        """
        op.execute("CREATE VIEW labels AS SELECT label FROM shelf")
        with op.batch_alter_table("book") as batch:
            batch.alter_column("isbn", type_=sa.String(20))
        """,
        """
        op.execute("CREATE VIEW labels AS SELECT label FROM shelf")
        with op.batch_alter_table("shelf") as batch:
            batch.create_index("ix_shelf_label", ["label"])
        """,
    ],
)
def test_rebuild_under_a_view_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "The revision fails with `error in view labels: no such table: main.shelf`: the block drops the "
        "old shelf while 'labels' reads it."
    )
    assert finding.instead == (
        "Drop the view before the block and create it again behind it:\n"
        "\n"
        '    op.execute("DROP VIEW labels")\n'
        '    with op.batch_alter_table("shelf") as batch_op:\n'
        "        …\n"
        '    op.execute("CREATE VIEW labels AS …")'
    )


def test_old_server_does_not_look_through_views() -> None:
    assert_clean(RULE, BODY, "sqlite:3.24")


def test_runner_that_rebuilds_without_a_loss_is_clean() -> None:
    assert_clean(RULE, BODY, ON, guarded_rebuild=True)
