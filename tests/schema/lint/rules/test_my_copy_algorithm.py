from __future__ import annotations

import pytest

from app.schema.core.finding import Severity
from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-copy-algorithm"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("ALTER TABLE account ENGINE = MyISAM")', "mariadb:10.11"),
        ('op.execute("ALTER TABLE legacy ENGINE=MyISAM")', "mysql:8.4"),
        (
            (
                'op.execute("CREATE FULLTEXT INDEX ft ON account (bio)")\n'
                'op.execute("ALTER TABLE account ADD COLUMN x INT")'
            ),
            "mariadb:10.11",
        ),
        ('op.get_bind().execute(sa.text("ALTER TABLE account ADD SYSTEM VERSIONING"))', "mariadb:10.11"),
    ],
)
def test_work_on_the_whole_table_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.add_column("account", sa.Column("x", sa.Integer()))', "mariadb:10.11"),
        ('op.execute("ALTER TABLE account ENGINE = InnoDB")', "mysql:8.4"),
        ('op.alter_column("account", "age", existing_type=sa.Integer(), nullable=False)', "mariadb:10.11"),
        ('op.create_index("ix", "account", ["name"])', "mysql:8.4"),
        ('op.execute("ALTER TABLE account DROP COLUMN bio")', "mariadb:10.11"),
        ('op.execute("ALTER TABLE book DROP CONSTRAINT ck_book_pages")', "mysql:8.4"),
        ('op.execute("ALTER TABLE legacy DROP CONSTRAINT ck_something")', "mariadb:10.11"),
        (
            (
                'op.alter_column("account", "email", existing_type=sa.String(255, collation="utf8mb4_bin"), '
                "nullable=False)"
            ),
            "mysql:8.4",
        ),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", '
                'sa.String(50)), sa.Column("n", sa.Integer()))\n'
                'op.execute("ALTER TABLE tag ENGINE = MyISAM")'
            ),
            "mariadb:10.11",
        ),
        ('op.execute("ALTER TABLE account ENGINE = MyISAM, ALGORITHM=INPLACE")', "mariadb:10.11"),
        ('op.execute("ALTER TABLE account ALTER COLUMN age SET DEFAULT 3")', "mysql:8.4"),
        (
            (
                'op.alter_column("account", "id", existing_type=sa.Integer(), comment="x", '
                "autoincrement=True, existing_nullable=False)"
            ),
            "mariadb:10.11",
        ),
        (
            ('op.execute("ALTER TABLE account ADD CONSTRAINT ck_account_age CHECK (age >= 0) NOT ENFORCED")'),
            "mysql:8.4",
        ),
        ('op.execute("ALTER TABLE legacy ADD PARTITION (PARTITION p2 VALUES LESS THAN (30))")', "mysql:8.4"),
        ('op.execute("ALTER TABLE shelf STATS_PERSISTENT = 1")', "mariadb:10.11"),
        ('op.execute("ALTER TABLE shelf ALTER COLUMN label SET INVISIBLE")', "mysql:8.4"),
    ],
)
def test_cheap_or_empty_table_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.execute("ALTER TABLE account ENGINE = MyISAM")', "mariadb:10.11")
    assert finding.message == (
        "MariaDB copies the whole table account, and every INSERT, UPDATE and DELETE on it waits until that "
        "is done; it needs the table's size again on disk, and replicas fall behind."
    )
    assert finding.instead == (
        "Make the change with gh-ost or pt-online-schema-change, which copy the table while writers go on, "
        "and mark the revision as done with `flask db stamp`."
    )


def test_copy_with_writers_going_on_is_a_warning() -> None:
    body = 'op.execute("ALTER TABLE account ENGINE = MyISAM")'
    finding = assert_flags(RULE, body, "mariadb:11.8")
    assert finding.severity is Severity.WARNING
    assert "writers go on" in finding.message


def test_index_with_a_direction_is_clean() -> None:
    assert_clean("my-copy-algorithm", 'op.create_index("ix", "book", [sa.text("title DESC")])', "mysql:8.4")
