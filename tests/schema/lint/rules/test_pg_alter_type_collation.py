from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-alter-type-collation"
COLLATE = (
    'op.alter_column("book", "title", type_=sa.String(200, collation="C"), existing_type=sa.String(200))'
)


@pytest.mark.parametrize(
    "body",
    [
        COLLATE,
        "op.execute('ALTER TABLE book ALTER COLUMN title TYPE varchar(200) COLLATE \"C\"')",
        "op.execute('ALTER TABLE account ALTER COLUMN email TYPE text COLLATE \"C\"')",
    ],
)
def test_collation_of_an_indexed_column_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


def test_partial_index_is_flagged() -> None:
    history = (
        'op.create_table("t", sa.Column("c", sa.String(10)))\n'
        'op.create_index("ix", "t", ["c"], postgresql_where=sa.text("c <> \'\'"))'
    )
    assert_flags(RULE, 'op.alter_column("t", "c", type_=sa.String(20))', "postgresql:15", before=history)


@pytest.mark.parametrize(
    "body",
    [
        "op.execute('ALTER TABLE account ALTER COLUMN name TYPE varchar(50) COLLATE \"C\"')",
        'op.alter_column("book", "title", type_=sa.String(300), existing_type=sa.String(200))',
        'op.alter_column("book", "title", type_=sa.Text(), existing_type=sa.String(200))',
        f'op.drop_index("ix_book_title", "book")\n{COLLATE}',
    ],
)
def test_index_that_stays_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, COLLATE, "postgresql:15")
    assert finding.message == (
        "The change of book.title keeps the rows, but builds index 'ix_book_title' anew; nobody can read or write book "
        "until that is done."
    )
    assert finding.instead == (
        "Drop the index concurrently before, change the type, and build the index concurrently after it, each in a "
        "revision of its own."
    )
