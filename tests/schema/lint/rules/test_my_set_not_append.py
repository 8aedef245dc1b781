from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-set-not-append"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                "from sqlalchemy.dialects import mysql\n"
                'op.add_column("shelf", sa.Column("tags", mysql.SET("a", "b")))\n'
                'op.alter_column("shelf", "tags", type_=mysql.SET("c", "a", "b"), '
                'existing_type=mysql.SET("a", "b"))'
            ),
            "mariadb:10.11",
        ),
        (
            (
                "from sqlalchemy.dialects import mysql\n"
                'op.add_column("shelf", sa.Column("tags", mysql.SET("a", "b")))\n'
                "op.execute(\"ALTER TABLE shelf MODIFY tags SET('b', 'a')\")"
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
                "from sqlalchemy.dialects import mysql\n"
                'op.add_column("shelf", sa.Column("tags", mysql.SET("a", "b")))\n'
                'op.alter_column("shelf", "tags", type_=mysql.SET("a", "b", "c"), '
                'existing_type=mysql.SET("a", "b"))'
            ),
            "mariadb:10.11",
        ),
        (
            (
                "from sqlalchemy.dialects import mysql\n"
                'op.add_column("shelf", sa.Column("tags", mysql.SET("a", "b")))\n'
                "op.execute(\"ALTER TABLE shelf MODIFY tags SET('a', 'b', 'c')\")"
            ),
            "mysql:8.4",
        ),
        (
            (
                'op.alter_column("book", "status", type_=sa.Enum("sold", "draft", "published"), '
                'existing_type=sa.Enum("draft", "published"))'
            ),
            "mariadb:10.11",
        ),
    ],
)
def test_value_at_the_end_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        (
            "from sqlalchemy.dialects import mysql\n"
            'op.add_column("shelf", sa.Column("tags", mysql.SET("a", "b")))\n'
            'op.alter_column("shelf", "tags", type_=mysql.SET("c", "a", "b"), '
            'existing_type=mysql.SET("a", "b"))'
        ),
        "mariadb:10.11",
    )
    assert finding.message == (
        "The values of shelf.tags get other numbers: MariaDB copies the whole table shelf, and every INSERT, "
        "UPDATE and DELETE on it waits until that is done; it needs the table's size again on disk, and "
        "replicas fall behind."
    )
    assert finding.instead == (
        "Keep the old values in their order and add new ones at the end; sort in the query where the order "
        "matters:\n"
        "\n"
        "    op.alter_column('shelf', 'tags',\n"
        "               existing_type=mysql.SET('a', 'b'),\n"
        "               type_=mysql.SET('a', 'b', 'c'))"
    )
