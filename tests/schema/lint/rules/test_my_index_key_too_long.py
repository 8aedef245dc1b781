from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-index-key-too-long"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.create_index("ix_account_bio", "account", ["bio"])', "mysql:8.4"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", '
                'sa.String(1000)), sa.Column("b", sa.String(500)))\n'
                'op.create_index("ix", "tag", ["a"])'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", '
                'sa.String(500)), sa.Column("b", sa.String(500)))\n'
                'op.create_index("ix", "tag", ["a", "b"])'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", '
                'sa.String(1000)), sa.Column("b", sa.String(500)))\n'
                'op.create_unique_constraint("uq", "tag", ["a"])'
            ),
            "mysql:8.4",
        ),
        ('op.create_table("tag", sa.Column("code", sa.String(800), primary_key=True))', "mariadb:10.11"),
        ('op.execute("CREATE TABLE tag (id INT PRIMARY KEY, t VARCHAR(900), UNIQUE KEY (t))")', "mysql:8.4"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", '
                'sa.String(255), index=True), mysql_row_format="COMPACT")'
            ),
            "mysql:8.4",
        ),
    ],
)
def test_key_that_does_not_hold_the_value_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.create_index("ix_account_bio", "account", ["bio"], mysql_length=100)', "mysql:8.4"),
        ('op.execute("CREATE INDEX ix ON account (bio(20))")', "mariadb:10.11"),
        ('op.create_index("ix", "account", ["email", "name"])', "mysql:8.4"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", '
                'sa.String(768)), sa.Column("b", sa.String(500)))\n'
                'op.create_index("ix", "tag", ["a"])'
            ),
            "mysql:8.4",
        ),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", '
                'sa.String(1000)), sa.Column("b", sa.String(500)))\n'
                'op.create_index("ix", "tag", ["a"], unique=True)'
            ),
            "mariadb:10.11",
        ),
        ('op.create_index("ft", "account", ["bio"], mysql_prefix="FULLTEXT")', "mariadb:10.11"),
        (
            'op.execute("CREATE TABLE tag (id INT PRIMARY KEY, t VARCHAR(1000), KEY (t)) CHARSET=latin1")',
            "mysql:8.4",
        ),
        ('op.create_index("ix", "legacy", ["a"])', "mysql:8.4"),
        ('op.create_index("ix_account_bio", "account", ["bio"])', "postgresql:15"),
    ],
)
def test_key_that_fits_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        (
            'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("a", '
            'sa.String(1000)), sa.Column("b", sa.String(500)))\n'
            'op.create_index("ix", "tag", ["a"])'
        ),
        "mariadb:10.11",
    )
    assert finding.message == (
        "a of tag can take 4000 bytes, but ix can hold only 3072 bytes: MariaDB cuts it to the beginning of "
        "the value without an error."
    )
    assert finding.instead == (
        "Say how many characters are to be indexed:\n"
        "\n"
        "    op.create_index('ix', 'tag', ['a'], unique=False, mysql_length={'a': 100})"
    )
