from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "merge-revision-with-ops"
MERGE = 'down_revision = ("a1", "b2")\n'


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("nick", sa.Text()))',
        'op.execute("ALTER TABLE account ADD COLUMN nick text")',
        'op.execute("UPDATE shelf SET label = NULL WHERE id = 1")',
        'op.create_table("tag", sa.Column("id", sa.Integer()))\nop.drop_table("shelf")',
    ],
)
def test_merge_that_changes_something_is_flagged(body: str) -> None:
    assert_flags(RULE, MERGE + body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        MERGE + "pass",
        MERGE + 'op.execute("SELECT 1")',
        'op.add_column("account", sa.Column("nick", sa.Text()))',
        'down_revision = ("a1",)\nop.drop_table("shelf")',
    ],
)
def test_empty_merge_or_single_parent_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, MERGE + 'op.drop_table("shelf")', "sqlite:3.40")
    assert finding.message == (
        "r1 joins a1 and b2 and changes the schema as well: a merge is taken for empty in review, and it cannot be "
        "undone without splitting the history again."
    )
    assert finding.instead == (
        "Leave the merge empty, and put the change into a revision on top of it: `flask db revision -m …`."
    )
