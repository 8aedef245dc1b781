from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags, judge

RULE = "my-enum-not-append"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.alter_column("book", "status", type_=sa.Enum("sold", "draft", "published"), '
                'existing_type=sa.Enum("draft", "published"))'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.alter_column("book", "status", type_=sa.Enum("published", "draft"), '
                'existing_type=sa.Enum("draft", "published"))'
            ),
            "mysql:8.4",
        ),
        (
            "op.execute(\"ALTER TABLE book MODIFY status ENUM('draft', 'sold', 'published')\")",
            "mariadb:10.11",
        ),
        (
            (
                'op.alter_column("legacy", "k", type_=sa.Enum("a", "c", "b"), existing_type=sa.Enum("a", '
                '"b"), existing_nullable=True)'
            ),
            "mysql:8.4",
        ),
    ],
)
def test_value_before_old_ones_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.alter_column("book", "status", type_=sa.Enum("draft", "published", "sold"), '
                'existing_type=sa.Enum("draft", "published"))'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.alter_column("book", "status", type_=sa.Enum("draft", "published"), '
                'existing_type=sa.Enum("draft", "published"))'
            ),
            "mysql:8.4",
        ),
        ("op.execute(\"ALTER TABLE book MODIFY status ENUM('draft', 'published', 'sold')\")", "mysql:8.4"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("k", '
                'sa.Enum("a", "b")))\n'
                'op.alter_column("tag", "k", type_=sa.Enum("b", "a"), existing_type=sa.Enum("a", "b"))'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.alter_column("book", "status", type_=sa.Enum("sold", "draft", "published"), '
                'existing_type=sa.Enum("draft", "published"))'
            ),
            "sqlite:3.40",
        ),
    ],
)
def test_value_at_the_end_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        (
            'op.alter_column("book", "status", type_=sa.Enum("sold", "draft", "published"), '
            'existing_type=sa.Enum("draft", "published"))'
        ),
        "mariadb:10.11",
    )
    assert finding.message == (
        "The values of book.status get other numbers: MariaDB copies the whole table book, and every INSERT, "
        "UPDATE and DELETE on it waits until that is done; it needs the table's size again on disk, and "
        "replicas fall behind."
    )
    assert finding.instead == (
        "Keep the old values in their order and add new ones at the end; sort in the query where the order "
        "matters:\n"
        "\n"
        "    op.alter_column('book', 'status',\n"
        "               existing_type=sa.Enum('draft', 'published'),\n"
        "               type_=sa.Enum('draft', 'published', 'sold'))"
    )


def test_value_that_goes_is_one_finding() -> None:
    body = 'op.alter_column("book", "status", type_=sa.Enum("draft"), existing_type=sa.Enum("draft", "published"))'
    assert [finding.rule for finding in judge(body, "mariadb:10.11")] == ["enum-value-removed"]
