from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-add-unique-pk-stored"
ON = "sqlite:3.40"
BODY = 'op.add_column("shelf", sa.Column("code", sa.String(9), unique=True))'


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("shelf", sa.Column("code", sa.String(9), unique=True))',
        'op.execute("ALTER TABLE shelf ADD COLUMN code TEXT UNIQUE")',
        'op.execute("ALTER TABLE shelf ADD COLUMN code INTEGER PRIMARY KEY")',
        """
        op.add_column("shelf", sa.Column("size", sa.Integer(), sa.Computed("length(label)",
            persisted=True)))
        """,
        """
        with op.batch_alter_table("shelf") as batch:
            batch.add_column(sa.Column("code", sa.String(9), unique=True))
        """,
        """
        with op.batch_alter_table("shelf") as batch:
            batch.add_column(sa.Column("book_id", sa.Integer(), sa.ForeignKey("book.id")))
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer()))
        op.add_column("tag", sa.Column("code", sa.String(9), unique=True))
        """,
    ],
)
def test_column_that_sqlite_cannot_add_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        """
        op.add_column("shelf", sa.Column("code", sa.String(9)))
        op.create_index("uq_shelf_code", "shelf", ["code"], unique=True)
        """,
        'op.add_column("shelf", sa.Column("code", sa.String(9), index=True))',
        """
        op.add_column("shelf", sa.Column("size", sa.Integer(), sa.Computed("length(label)",
            persisted=False)))
        """,
        """
        with op.batch_alter_table("shelf") as batch:
            batch.add_column(sa.Column("size", sa.Integer(), sa.Computed("length(label)", persisted=True)))
        """,
        """
        with op.batch_alter_table("shelf") as batch:
            batch.add_column(sa.Column("book_id", sa.Integer(), sa.ForeignKey("book.id",
                name="fk_shelf_book")))
        """,
        'op.create_table("tag", sa.Column("code", sa.String(9), unique=True))',
    ],
)
def test_column_that_sqlite_cannot_add_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "The revision fails on SQLite: shelf.code is UNIQUE, and SQLite adds no such column to a table."
    )
    assert finding.instead == (
        "Add the column, then a unique index:\n"
        "\n"
        "    op.add_column('shelf', sa.Column('code', sa.String(length=9), nullable=True))\n"
        "    op.create_index('uq_shelf_code', 'shelf', ['code'], unique=True)"
    )
