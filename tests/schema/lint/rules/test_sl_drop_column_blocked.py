from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-drop-column-blocked"
ON = "sqlite:3.40"
BODY = 'op.drop_column("book", "title")'


@pytest.mark.parametrize(
    "body",
    [
        'op.drop_column("book", "title")',
        'op.drop_column("book", "pages")',
        'op.drop_column("account", "email")',
        'op.drop_column("account", "id")',
        'op.drop_column("book", "account_id")',
        'op.execute("ALTER TABLE book DROP COLUMN title")',
        """
        with op.batch_alter_table("book") as batch:
            batch.drop_column("title")
        """,
        """
        with op.batch_alter_table("book") as batch:
            batch.drop_column("pages")
        """,
        """
        op.execute("CREATE VIEW labels AS SELECT label FROM shelf")
        op.drop_column("shelf", "label")
        """,
        """
        op.execute("CREATE VIEW some AS SELECT id FROM shelf WHERE label IS NULL")
        op.drop_column("shelf", "label")
        """,
        """
        op.create_index("ix_shelf_label", "shelf", ["id"], sqlite_where=sa.text("label IS NULL"))
        op.drop_column("shelf", "label")
        """,
        """
        op.execute("CREATE INDEX ix_shelf_lower ON shelf (lower(label))")
        op.drop_column("shelf", "label")
        """,
        """
        op.add_column("shelf", sa.Column("size", sa.Integer(), sa.Computed("length(label)",
            persisted=False)))
        op.drop_column("shelf", "label")
        """,
    ],
)
def test_column_that_is_in_use_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        'op.drop_column("book", "data")',
        'op.drop_column("account", "bio")',
        """
        op.drop_index("ix_book_title", "book")
        op.drop_column("book", "title")
        """,
        """
        with op.batch_alter_table("book") as batch:
            batch.drop_index("ix_book_title")
            batch.drop_column("title")
        """,
        """
        with op.batch_alter_table("book") as batch:
            batch.drop_column("pages")
            batch.drop_constraint("ck_book_pages", type_="check")
        """,
        """
        with op.batch_alter_table("account") as batch:
            batch.drop_column("email")
        """,
        """
        op.execute("ALTER TABLE shelf ADD COLUMN book_id INTEGER REFERENCES book (id) CHECK (book_id > 0)")
        op.drop_column("shelf", "book_id")
        """,
        """
        op.execute("CREATE TABLE tag (id INTEGER, shelf_id INTEGER REFERENCES shelf (id))")
        op.drop_column("tag", "shelf_id")
        """,
        """
        op.execute("CREATE VIEW labels AS SELECT label FROM shelf")
        op.drop_column("book", "data")
        """,
    ],
)
def test_column_that_is_in_use_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "The revision fails: book.title cannot be dropped while index ix_book_title uses it."
    )
    assert finding.instead == (
        "Drop what uses it first:\n"
        "\n"
        "    op.drop_index('ix_book_title', table_name='book')\n"
        "    op.drop_column('book', 'title')"
    )


IN_BLOCK = """
with op.batch_alter_table("shelf") as batch:
    batch.drop_column("label")
"""
VIEW = 'op.execute("CREATE VIEW labels AS SELECT label FROM shelf")'


@pytest.mark.parametrize(
    "body",
    [
        'op.create_index("ix_shelf_label", "shelf", ["label"])' + IN_BLOCK,
        f'{VIEW}{IN_BLOCK}op.execute("DROP VIEW labels")',
    ],
)
def test_runner_that_rebuilds_without_a_loss_lets_indexes_go_and_looks_at_the_end(body: str) -> None:
    assert_clean(RULE, body, ON, guarded_rebuild=True)


def test_view_that_is_left_behind_stops_a_runner_that_rebuilds_without_a_loss() -> None:
    finding = assert_flags(RULE, VIEW + IN_BLOCK, ON, guarded_rebuild=True)
    assert "view labels uses it" in finding.message
