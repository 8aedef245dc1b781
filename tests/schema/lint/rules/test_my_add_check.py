from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-add-check"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.create_check_constraint("ck_account_age", "account", "age >= 0")', "mariadb:10.11"),
        ('op.execute("ALTER TABLE account ADD CONSTRAINT ck_account_age CHECK (age >= 0)")', "mysql:8.4"),
        (
            (
                'op.add_column("account", sa.Column("seen", sa.Boolean(create_constraint=True, '
                'name="ck_seen")))'
            ),
            "mariadb:10.11",
        ),
        ('op.create_check_constraint("ck", "legacy", "a > 0")', "mysql:8.4"),
        ('op.create_check_constraint("ck_account_age", "account", "age >= 0")', "mysql:8.0.15"),
    ],
)
def test_check_that_copies_the_table_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.create_table("note", sa.Column("id", sa.Integer(), primary_key=True), '
                'sa.CheckConstraint("id > 0", name="ck_id"))'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", '
                'sa.String(50)), sa.Column("n", sa.Integer()))\n'
                'op.create_check_constraint("ck", "tag", "n > 0")'
            ),
            "mysql:8.4",
        ),
        (
            ('op.execute("ALTER TABLE account ADD CONSTRAINT ck_account_age CHECK (age >= 0) NOT ENFORCED")'),
            "mysql:8.4",
        ),
        ('op.add_column("account", sa.Column("seen", sa.Boolean()))', "mariadb:10.11"),
        ('op.drop_constraint("ck_book_pages", "book", type_="check")', "mariadb:10.11"),
        ('op.create_check_constraint("ck_account_age", "account", "age >= 0")', "postgresql:15"),
    ],
)
def test_check_that_costs_nothing_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, 'op.create_check_constraint("ck_account_age", "account", "age >= 0")', "mariadb:10.11"
    )
    assert finding.message == (
        "MariaDB copies the whole table account, and every INSERT, UPDATE and DELETE on it waits until that "
        "is done; it needs the table's size again on disk, and replicas fall behind. One row that breaks the "
        "rule makes all of it fail."
    )
    assert finding.instead == (
        "Test the value in the application, or add the CHECK with gh-ost or pt-online-schema-change."
    )


def test_check_that_is_forgotten_says_so() -> None:
    finding = assert_flags(RULE, 'op.create_check_constraint("ck", "account", "age > 0")', "mysql:8.0.15")
    assert finding.message == "mysql:8.0.15 reads CHECK on account and forgets it: no row is ever tested."
