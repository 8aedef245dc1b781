from __future__ import annotations

import pytest

from app.schema.core.finding import Severity
from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-change-type"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            'op.alter_column("account", "age", type_=sa.BigInteger(), existing_type=sa.Integer())',
            "mariadb:10.11",
        ),
        (
            (
                'op.alter_column("account", "balance", type_=sa.Numeric(12, 2), existing_type=sa.Numeric(10, '
                "2))"
            ),
            "mysql:8.4",
        ),
        ('op.execute("ALTER TABLE account MODIFY age BIGINT")', "mysql:8.4"),
        ('op.execute("ALTER TABLE book CHANGE isbn isbn TEXT")', "mariadb:10.11"),
        (
            'op.alter_column("legacy", "n", type_=sa.BigInteger(), existing_type=sa.Integer())',
            "mariadb:10.11",
        ),
        (
            (
                'with op.batch_alter_table("account") as batch:\n'
                '    batch.alter_column("age", type_=sa.BigInteger(), existing_type=sa.Integer())'
            ),
            "mysql:8.4",
        ),
    ],
)
def test_type_that_needs_a_copy_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            'op.alter_column("book", "isbn", type_=sa.String(31), existing_type=sa.String(13))',
            "mariadb:10.11",
        ),
        (
            "op.execute(\"ALTER TABLE account MODIFY id INT NOT NULL AUTO_INCREMENT COMMENT 'key'\")",
            "mysql:8.4",
        ),
        ('op.alter_column("book", "isbn", type_=sa.String(40), existing_type=sa.String(13))', "mysql:8.4"),
        ('op.alter_column("account", "age", type_=sa.Integer(), existing_type=sa.Integer())', "mysql:8.4"),
        ('op.alter_column("account", "age", existing_type=sa.Integer(), nullable=False)', "mariadb:10.11"),
        ('op.alter_column("account", "age", existing_type=sa.Integer(), server_default="3")', "mysql:8.4"),
        (
            (
                'op.alter_column("book", "status", type_=sa.Enum("draft", "published", "sold"), '
                'existing_type=sa.Enum("draft", "published"))'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", '
                'sa.String(50)), sa.Column("n", sa.Integer()))\n'
                'op.alter_column("tag", "n", type_=sa.BigInteger(), existing_type=sa.Integer())'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.alter_column("account", "active", type_=sa.Boolean(), existing_type=sa.SmallInteger(), '
                "existing_nullable=False)"
            ),
            "postgresql:15",
        ),
    ],
)
def test_type_that_is_changed_at_once_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        'op.alter_column("account", "age", type_=sa.BigInteger(), existing_type=sa.Integer())',
        "mariadb:10.11",
    )
    assert finding.message == (
        "To make age BIGINT, MariaDB copies the whole table account, and every INSERT, UPDATE and DELETE on "
        "it waits until that is done; it needs the table's size again on disk, and replicas fall behind."
    )
    assert finding.instead == (
        "Add a column of the new type, write both, fill the old rows in batches, and switch over in later "
        "releases; or change it with gh-ost or pt-online-schema-change:\n"
        "\n"
        "    op.add_column('account', sa.Column('age_new', sa.BigInteger(), nullable=True))"
    )


def test_copy_with_writers_going_on_is_a_warning() -> None:
    body = 'op.alter_column("account", "age", type_=sa.BigInteger(), existing_type=sa.Integer())'
    assert assert_flags(RULE, body, "mariadb:11.4").severity is Severity.WARNING
