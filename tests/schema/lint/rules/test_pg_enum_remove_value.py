from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags, judge

RULE = "pg-enum-remove-value"
NEW_TYPE = (
    "op.execute(\"CREATE TYPE book_state AS ENUM ('draft')\")\n"
    'op.execute("ALTER TABLE book ALTER COLUMN status TYPE book_state USING status::text::book_state")'
)


@pytest.mark.parametrize(
    "body",
    [
        NEW_TYPE,
        (
            'op.execute("ALTER TYPE book_status RENAME TO book_status_old")\n'
            "op.execute(\"CREATE TYPE book_status AS ENUM ('draft')\")\n"
            'op.execute("ALTER TABLE book ALTER status TYPE book_status USING status::text::book_status")'
        ),
        (
            'op.alter_column("book", "status", type_=sa.Enum("draft", name="new_status"), '
            'postgresql_using="status::text::new_status")'
        ),
        'op.alter_column("book", "status", type_=sa.Enum("draft", name="book_status"))',
        "op.execute(\"DELETE FROM pg_enum WHERE enumlabel = 'draft'\")",
    ],
)
def test_value_that_goes_away_is_flagged_once(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")
    rest = {finding.rule for finding in judge(body, "postgresql:15")} - {RULE}
    assert not rest & {"enum-value-removed", "narrow-type", "pg-alter-type-rewrite"}


@pytest.mark.parametrize(
    "body",
    [
        "op.execute(\"ALTER TYPE book_status ADD VALUE 'sold'\")",
        'op.alter_column("book", "status", type_=sa.Enum("draft", "published", "sold", name="book_status"))',
        'op.alter_column("book", "status", type_=sa.Text(), postgresql_using="status::text")',
        (
            'op.alter_column("account", "name", existing_type=sa.Enum("a", "b", native_enum=False, length=50), '
            'type_=sa.Enum("a", native_enum=False, length=50))'
        ),
        "op.execute(\"SELECT enumlabel FROM pg_enum WHERE enumlabel = 'draft'\")",
    ],
)
def test_value_that_stays_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(RULE, NEW_TYPE, "postgresql:15")
    assert finding.message == (
        "Rows whose book.status is 'published' make the revision fail. Until then every row of book is written anew, "
        "and nobody can read or write book."
    )
    assert finding.instead == (
        "Keep 'published' in the type and stop writing it in the application; refuse it with a CHECK, first for new "
        "rows:\n"
        "\n"
        '    op.create_check_constraint("ck_book_status", "book", "status NOT IN (\'published\')", '
        "postgresql_not_valid=True)\n"
        "    # revision 2, after r1, once no row holds it\n"
        '    op.execute("ALTER TABLE book VALIDATE CONSTRAINT ck_book_status")'
    )


def test_same_type_changes_nothing() -> None:
    body = 'op.alter_column("book", "status", type_=sa.Enum("draft", name="book_status"))'
    assert "this changes nothing" in assert_flags(RULE, body, "postgresql:15").message
