from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-varchar-255-crossing"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            'op.alter_column("account", "name", type_=sa.String(100), existing_type=sa.String(50))',
            "mysql:8.4",
        ),
        (
            'op.alter_column("account", "name", type_=sa.String(64), existing_type=sa.String(50))',
            "mariadb:10.11",
        ),
        ('op.execute("ALTER TABLE account MODIFY name VARCHAR(120)")', "mysql:8.4"),
        (
            'op.alter_column("legacy", "a", type_=sa.String(100), existing_type=sa.String(60))',
            "mariadb:10.11",
        ),
    ],
)
def test_length_that_needs_a_second_byte_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.alter_column("account", "name", type_=sa.String(63), existing_type=sa.String(50))', "mysql:8.4"),
        (
            'op.alter_column("book", "isbn", type_=sa.String(200), existing_type=sa.String(13))',
            "mariadb:10.11",
        ),
        (
            (
                'op.alter_column("book", "title", type_=sa.String(400), existing_type=sa.String(200), '
                "existing_nullable=False)"
            ),
            "mysql:8.4",
        ),
        ('op.execute("ALTER TABLE account MODIFY name VARCHAR(60)")', "mariadb:10.11"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", '
                'sa.String(50)), sa.Column("n", sa.Integer()))\n'
                'op.alter_column("tag", "label", type_=sa.String(100), existing_type=sa.String(50))'
            ),
            "mysql:8.4",
        ),
    ],
)
def test_growth_on_one_side_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        'op.alter_column("account", "name", type_=sa.String(100), existing_type=sa.String(50))',
        "mysql:8.4",
    )
    assert finding.message == (
        "name grows from 200 to 400 bytes, and beyond 255 its length takes a second byte in every row: MySQL "
        "copies the whole table account, and every INSERT, UPDATE and DELETE on it waits until that is done; "
        "it needs the table's size again on disk, and replicas fall behind."
    )
    assert finding.instead == (
        "Stay at 63 characters, or change it with gh-ost or pt-online-schema-change, and then to a length "
        "that lasts: growth from 256 bytes on is free."
    )
