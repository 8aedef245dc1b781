from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-no-pk-table"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.create_table("link", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()))', "mysql:8.4"),
        ('op.execute("CREATE TABLE link (a INT, b INT)")', "mariadb:10.11"),
        ('op.create_table("link", sa.Column("a", sa.Integer(), unique=True))', "mariadb:10.11"),
    ],
)
def test_table_without_a_key_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.create_table("link", sa.Column("a", sa.Integer(), primary_key=True))', "mysql:8.4"),
        ('op.execute("CREATE TABLE link (a INT, b INT, PRIMARY KEY (a, b))")', "mariadb:10.11"),
        (
            (
                'op.create_table("link", sa.Column("a", sa.Integer(), nullable=False), '
                'sa.UniqueConstraint("a"))'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.create_table("link", sa.Column("a", sa.Integer()))\n'
                'op.create_primary_key(None, "link", ["a"])'
            ),
            "mysql:8.4",
        ),
        ('op.execute("CREATE TEMPORARY TABLE link (a INT)")', "mariadb:10.11"),
        ('op.execute("CREATE TABLE link LIKE account")', "mysql:8.4"),
        (('op.create_table("link", sa.Column("a", sa.Integer()))\nop.drop_table("link")'), "mysql:8.4"),
    ],
)
def test_table_with_a_key_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        'op.create_table("link", sa.Column("a", sa.Integer()), sa.Column("b", sa.Integer()))',
        "mysql:8.4",
    )
    assert finding.message == (
        "link has no primary key: replicas read the whole table for each of its rows that changes, and "
        "servers that require a key refuse it."
    )
    assert finding.instead == ("Give it a primary key: an `id`, or the columns that tell its rows apart.")
