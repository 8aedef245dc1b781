from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "my-drop-pk"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("ALTER TABLE shelf DROP PRIMARY KEY")', "mariadb:10.11"),
        ('op.drop_constraint("PRIMARY", "shelf", type_="primary")', "mysql:8.4"),
        (
            (
                'op.drop_constraint("PRIMARY", "shelf", type_="primary")\n'
                'op.create_primary_key(None, "shelf", ["id", "label"])'
            ),
            "mariadb:10.11",
        ),
        ('op.execute("ALTER TABLE legacy DROP PRIMARY KEY")', "mysql:8.4"),
    ],
)
def test_key_that_goes_alone_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("ALTER TABLE shelf DROP PRIMARY KEY, ADD PRIMARY KEY (id, label)")', "mariadb:10.11"),
        ('op.drop_constraint("ck_book_pages", "book", type_="check")', "mysql:8.4"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", '
                'sa.String(50)), sa.Column("n", sa.Integer()))\n'
                'op.drop_constraint("PRIMARY", "tag", type_="primary")'
            ),
            "mariadb:10.11",
        ),
        ('op.drop_constraint("uq_account_email", "account", type_="unique")', "mariadb:10.11"),
    ],
)
def test_key_that_is_replaced_at_once_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        (
            'op.drop_constraint("PRIMARY", "shelf", type_="primary")\n'
            'op.create_primary_key(None, "shelf", ["id", "label"])'
        ),
        "mariadb:10.11",
    )
    assert finding.message == (
        "MariaDB copies the whole table shelf, and every INSERT, UPDATE and DELETE on it waits until that is "
        "done; it needs the table's size again on disk, and replicas fall behind. Until there is a new key, "
        "duplicates can come in, and replicas read the whole table for each changed row."
    )
    assert finding.instead == (
        "Drop the old key and add the new one in one statement; writers then go on:\n"
        "\n"
        '    op.execute("ALTER TABLE shelf DROP PRIMARY KEY, ADD PRIMARY KEY (id, label)")'
    )
