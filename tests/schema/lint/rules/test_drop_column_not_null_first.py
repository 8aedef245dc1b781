from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "drop-column-not-null-first"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.drop_column("book", "title")', "postgresql:15"),
        ('op.drop_column("account", "email")', "mysql:8.4"),
        (('with op.batch_alter_table("book") as batch:\n    batch.drop_column("title")'), "sqlite:3.40"),
        (
            (
                'op.alter_column("book", "title", existing_type=sa.String(200), nullable=True)\n'
                'op.drop_column("book", "title")'
            ),
            "postgresql:15",
        ),
        ('op.execute("ALTER TABLE book DROP COLUMN title")', "postgresql:15"),
    ],
)
def test_required_column_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.drop_column("account", "bio")', "postgresql:15"),
        ('op.drop_column("account", "active")', "postgresql:15"),
        ('op.drop_column("account", "id")', "mysql:8.4"),
        (
            (
                'op.add_column("account", sa.Column("tmp", sa.Text(), nullable=False))\n'
                'op.drop_column("account", "tmp")'
            ),
            "postgresql:15",
        ),
        ('op.drop_column("of_long_ago", "text")', "postgresql:15"),
        ('op.execute("ALTER TABLE account DROP COLUMN bio")', "postgresql:15"),
    ],
)
def test_column_that_rows_do_without_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_column_that_an_earlier_revision_made_nullable_is_clean() -> None:
    relaxed = 'op.alter_column("book", "title", existing_type=sa.String(200), nullable=True)'
    assert_clean(RULE, [relaxed, 'op.drop_column("book", "title")'], "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.drop_column("book", "title")', "postgresql:15")
    assert finding.message == (
        "book.title is NOT NULL without a default: code that no longer knows it fails on every INSERT into book "
        "between its deploy and this drop."
    )
    assert finding.instead == (
        "Make it nullable in an earlier release, before the code that ignores it is deployed:\n"
        "\n"
        "    op.alter_column('book', 'title',\n"
        "               existing_type=sa.String(length=200),\n"
        "               nullable=True)"
    )
