from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-fulltext-spatial-index"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.create_index("ft", "account", ["bio"], mysql_prefix="FULLTEXT")', "mariadb:10.11"),
        ('op.execute("CREATE FULLTEXT INDEX ft ON account (bio)")', "mysql:8.4"),
        ('op.execute("ALTER TABLE legacy ADD SPATIAL INDEX sp (place)")', "mariadb:10.11"),
    ],
)
def test_index_that_holds_writers_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.create_index("ix", "account", ["name"])', "mariadb:10.11"),
        ('op.execute("CREATE INDEX ix ON account (bio(20))")', "mysql:8.4"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", '
                'sa.String(50)), sa.Column("n", sa.Integer()))\n'
                'op.create_index("ft", "tag", ["label"], mysql_prefix="FULLTEXT")'
            ),
            "mariadb:10.11",
        ),
        ('op.execute("CREATE TABLE note (id INT PRIMARY KEY, t TEXT, FULLTEXT KEY ft (t))")', "mysql:8.4"),
    ],
)
def test_other_index_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, 'op.create_index("ft", "account", ["bio"], mysql_prefix="FULLTEXT")', "mariadb:10.11"
    )
    assert finding.message == (
        "Every INSERT, UPDATE and DELETE on account waits until the FULLTEXT index ft is built; the more "
        "rows, the longer."
    )
    assert finding.instead == ("Build it in a maintenance window, or with gh-ost or pt-online-schema-change.")
