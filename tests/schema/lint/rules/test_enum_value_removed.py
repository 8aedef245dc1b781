from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "enum-value-removed"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.alter_column("book", "status", type_=sa.Enum("draft", name="book_status"), '
                'existing_type=sa.Enum("draft", "published", name="book_status"))'
            ),
            "mysql:8.4",
        ),
        (
            (
                'with op.batch_alter_table("book") as batch:\n'
                '    batch.alter_column("status", type_=sa.Enum("draft", "sold", name="book_status", '
                "native_enum=False))"
            ),
            "sqlite:3.40",
        ),
        ("op.execute(\"ALTER TABLE book MODIFY status ENUM('draft')\")", "mariadb:10.11"),
        (
            (
                'op.alter_column("book", "status", type_=sa.Enum("draft", native_enum=False, length=20), '
                'existing_type=sa.Enum("draft", "published", native_enum=False, length=20))'
            ),
            "postgresql:15",
        ),
    ],
)
def test_enum_that_loses_a_value_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.alter_column("book", "status", type_=sa.Enum("draft", "published", "sold", '
                'name="book_status"), existing_type=sa.Enum("draft", "published", name="book_status"))'
            ),
            "mysql:8.4",
        ),
        (
            "op.execute(\"ALTER TABLE book MODIFY status ENUM('draft', 'published', 'sold')\")",
            "mariadb:10.11",
        ),
        ("op.execute(\"ALTER TYPE book_status ADD VALUE 'sold'\")", "postgresql:15"),
        (
            'op.alter_column("book", "status", type_=sa.String(20), postgresql_using="status::text")',
            "postgresql:15",
        ),
        # What is special about PostgreSQL's own enums is reported by pg-enum-remove-value.
        ('op.alter_column("book", "status", type_=sa.Enum("draft", name="book_status"))', "postgresql:15"),
        (
            (
                'op.alter_column("book", "status", existing_type=sa.Enum("draft", "published", '
                'name="book_status"), nullable=False)'
            ),
            "mariadb:10.11",
        ),
    ],
)
def test_enum_that_keeps_its_values_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        (
            'op.alter_column("book", "status", type_=sa.Enum("draft", name="book_status"), '
            'existing_type=sa.Enum("draft", "published", name="book_status"))'
        ),
        "mysql:8.4",
    )
    assert finding.message == (
        "Rows of book whose status is 'published' make the revision fail, and running code that still writes it "
        "gets an error."
    )
    assert finding.instead == (
        "Keep 'published' in the database and stop writing it in the application; look for rows first:\n"
        "\n"
        "    SELECT status, count(*) FROM book GROUP BY status"
    )
