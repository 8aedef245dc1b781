from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-drop-table-fk"
ON = "sqlite:3.40"
BODY = 'op.drop_table("forum")'


@pytest.mark.parametrize(
    "body",
    [
        'op.drop_table("forum")',
        'op.drop_table("account")',
        'op.execute("DROP TABLE forum")',
        """
        op.drop_table("account")
        op.drop_table("book")
        """,
    ],
)
def test_drop_of_a_parent_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        'op.drop_table("shelf")',
        'op.drop_table("topic")',
        'op.drop_table("reply")',
        """
        op.drop_table("topic")
        op.drop_table("forum")
        """,
        """
        op.drop_table("forum")
        op.drop_table("topic")
        """,
        """
        with op.batch_alter_table("book") as batch:
            batch.drop_constraint("fk_book_account_id_account", type_="foreignkey")
        op.drop_table("account")
        """,
    ],
)
def test_drop_of_a_parent_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "All rows of 'topic' that refer to forum are deleted with it, without an error (ON DELETE CASCADE)."
    )
    assert finding.instead == (
        "Take the foreign keys away first, with the columns or the tables that hold them."
    )


def test_runner_that_checks_at_the_end_refuses() -> None:
    finding = assert_flags(RULE, BODY, ON, foreign_keys=False)
    assert finding.message == (
        "The revision is refused at its end if a row of 'topic' refers to forum, which is gone then."
    )
