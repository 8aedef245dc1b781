from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-charset-convert"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("ALTER TABLE account CONVERT TO CHARACTER SET utf8mb4")', "mariadb:10.11"),
        (
            'op.execute("ALTER TABLE legacy CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")',
            "mysql:8.4",
        ),
        (
            (
                'op.execute("ALTER TABLE account DEFAULT CHARSET utf8mb3")\n'
                'op.execute("ALTER TABLE account CONVERT TO CHARSET utf8mb4")'
            ),
            "mariadb:10.11",
        ),
        ('op.execute("ALTER TABLE account MODIFY name VARCHAR(50) CHARACTER SET latin1")', "mariadb:10.11"),
        (
            (
                "from sqlalchemy.dialects import mysql\n"
                'op.alter_column("account", "name", type_=mysql.VARCHAR(50, charset="latin1"), '
                "existing_type=sa.String(50))"
            ),
            "mysql:8.4",
        ),
    ],
)
def test_text_that_is_written_anew_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("ALTER TABLE account DEFAULT CHARACTER SET utf8mb4")', "mariadb:10.11"),
        (
            (
                'op.execute("ALTER TABLE account DEFAULT CHARACTER SET utf8mb4")\n'
                'op.execute("ALTER TABLE account CONVERT TO CHARACTER SET utf8mb4")'
            ),
            "mariadb:10.11",
        ),
        ('op.execute("ALTER TABLE account MODIFY name VARCHAR(50) COLLATE utf8mb4_bin")', "mariadb:10.11"),
        ('op.execute("ALTER TABLE account MODIFY name VARCHAR(60) CHARACTER SET utf8mb4")', "mariadb:10.11"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", '
                'sa.String(50)), sa.Column("n", sa.Integer()))\n'
                'op.execute("ALTER TABLE tag CONVERT TO CHARACTER SET latin1")'
            ),
            "mysql:8.4",
        ),
        (
            (
                'op.execute("ALTER TABLE shelf DEFAULT CHARACTER SET utf8mb3")\n'
                'op.execute("ALTER TABLE shelf CONVERT TO CHARACTER SET utf8mb4")'
            ),
            "mariadb:10.11",
        ),
    ],
)
def test_character_set_that_stays_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, 'op.execute("ALTER TABLE account CONVERT TO CHARACTER SET utf8mb4")', "mariadb:10.11"
    )
    assert finding.message == (
        "To convert all its text, MariaDB copies the whole table account, and every INSERT, UPDATE and DELETE"
        " on it waits until that is done; it needs the table's size again on disk, and replicas fall behind. "
        "Comparing with text that keeps its collation can fail from then on."
    )
    assert finding.instead == (
        "Set the default for new columns, which is done at once, and move old columns over new ones, or the "
        "table with gh-ost or pt-online-schema-change."
    )
