from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-add-auto-increment"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("ALTER TABLE account ADD COLUMN number BIGINT AUTO_INCREMENT UNIQUE")', "mariadb:10.11"),
        ('op.execute("ALTER TABLE legacy ADD id INT AUTO_INCREMENT PRIMARY KEY FIRST")', "mysql:8.4"),
        (
            (
                'op.alter_column("account", "age", existing_type=sa.Integer(), autoincrement=True, '
                "nullable=False)"
            ),
            "mariadb:10.11",
        ),
        ('op.execute("ALTER TABLE account MODIFY age INT NOT NULL AUTO_INCREMENT")', "mysql:8.4"),
    ],
)
def test_rows_that_are_numbered_are_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.alter_column("account", "id", existing_type=sa.Integer(), comment="x", '
                "autoincrement=True, existing_nullable=False)"
            ),
            "mariadb:10.11",
        ),
        (
            "op.execute(\"ALTER TABLE account MODIFY id INT NOT NULL AUTO_INCREMENT COMMENT 'key'\")",
            "mysql:8.4",
        ),
        (
            'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True))',
            "mariadb:10.11",
        ),
        ('op.add_column("account", sa.Column("number", sa.Integer()))', "mysql:8.4"),
        ('op.execute("ALTER TABLE account AUTO_INCREMENT = 1000")', "mysql:8.4"),
    ],
)
def test_numbers_that_are_there_are_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        'op.execute("ALTER TABLE account ADD COLUMN number BIGINT AUTO_INCREMENT UNIQUE")',
        "mariadb:10.11",
    )
    assert finding.message == (
        "To number the rows by number, MariaDB builds the whole table account anew, and every INSERT, UPDATE "
        "and DELETE on it waits until that is done; it needs the table's size again on disk, and replicas "
        "fall behind. Replicas may number them in another order."
    )
    assert finding.instead == (
        "Copy the rows in batches into a new table that has the numbered key, or use gh-ost or pt-online-"
        "schema-change."
    )
