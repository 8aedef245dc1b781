from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-alter-type-check-rescan"
WIDEN = 'op.alter_column("book", "isbn", type_=sa.String(80), existing_type=sa.String(13))'


@pytest.mark.parametrize(
    "body",
    [
        WIDEN,
        'op.execute("ALTER TABLE book ALTER COLUMN isbn TYPE text")',
        'op.execute("ALTER TABLE book ALTER isbn TYPE varchar(90), ALTER isbn SET DEFAULT NULL")',
    ],
)
def test_column_with_a_check_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.alter_column("account", "name", type_=sa.String(80), existing_type=sa.String(50))',
        'op.alter_column("book", "pages", type_=sa.Integer(), existing_type=sa.SmallInteger())',
        f'op.drop_constraint("ck_book_isbn_given", "book", type_="check")\n{WIDEN}',
        'op.alter_column("account", "name", nullable=False)',
    ],
)
def test_column_without_a_check_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_check_that_is_not_validated_is_clean() -> None:
    history = (
        'op.create_table("t", sa.Column("c", sa.String(10)))\n'
        'op.create_check_constraint("ck", "t", "c > \'a\'", postgresql_not_valid=True)'
    )
    assert_clean(RULE, 'op.alter_column("t", "c", type_=sa.String(20))', "postgresql:15", before=history)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, WIDEN, "postgresql:15")
    assert finding.message == (
        "The new type of book.isbn changes no row, but PostgreSQL tests CHECK ck_book_isbn_given on every row of book "
        "again; nobody can read or write book until all have been read."
    )
    assert finding.instead == (
        "Put the CHECK back as NOT VALID, and validate it in the next revision:\n"
        "\n"
        "    op.drop_constraint('ck_book_isbn_given', 'book', type_='check')\n"
        "    op.alter_column('book', 'isbn',\n"
        "               existing_type=sa.String(length=13),\n"
        "               type_=sa.String(length=80))\n"
        "    op.create_check_constraint('ck_book_isbn_given', 'book', \"isbn <> 'none'\", postgresql_not_valid=True)\n"
        "    # revision 2, after r1\n"
        '    op.execute("ALTER TABLE book VALIDATE CONSTRAINT ck_book_isbn_given")'
    )
