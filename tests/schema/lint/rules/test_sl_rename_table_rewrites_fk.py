from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-rename-table-rewrites-fk"
ON = "sqlite:3.40"
BODY = """
op.rename_table("forum", "forum_old")
op.create_table("forum", sa.Column("id", sa.Integer(), primary_key=True))
"""


@pytest.mark.parametrize(
    "body",
    [
        """
        op.rename_table("forum", "forum_old")
        op.create_table("forum", sa.Column("id", sa.Integer(), primary_key=True))
        """,
        """
        op.rename_table("forum", "forum_old")
        op.create_table("forum", sa.Column("id", sa.Integer(), primary_key=True))
        op.execute("INSERT INTO forum SELECT id FROM forum_old")
        op.drop_table("forum_old")
        """,
        """
        op.execute("ALTER TABLE forum RENAME TO forum_old")
        op.execute("CREATE TABLE forum (id INTEGER PRIMARY KEY)")
        """,
    ],
)
def test_table_that_leaves_its_name_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        'op.rename_table("forum", "board")',
        """
        op.create_table("forum_new", sa.Column("id", sa.Integer(), primary_key=True))
        op.drop_table("forum")
        op.rename_table("forum_new", "forum")
        """,
        """
        op.rename_table("shelf", "shelf_old")
        op.create_table("shelf", sa.Column("id", sa.Integer()))
        """,
        """
        op.execute("PRAGMA legacy_alter_table=ON")
        op.rename_table("forum", "forum_old")
        op.create_table("forum", sa.Column("id", sa.Integer(), primary_key=True))
        """,
    ],
)
def test_table_that_leaves_its_name_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "The foreign keys of 'topic' go along: SQLite rewrites them to forum_old, and they do not come "
        "back to the new forum. Once forum_old is dropped, every write to that table fails with `no such table`."
    )
    assert finding.instead == (
        "Create the new table under another name, copy the rows, drop the old table, and rename the new "
        "one last."
    )
