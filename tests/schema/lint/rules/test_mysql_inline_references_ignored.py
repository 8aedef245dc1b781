from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "mysql-inline-references-ignored"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            'op.execute("CREATE TABLE note (id INT PRIMARY KEY, account_id INT REFERENCES account (id))")',
            "mysql:8.4",
        ),
        ('op.execute("ALTER TABLE shelf ADD COLUMN account_id INT REFERENCES account (id)")', "mysql:8.0"),
        (
            (
                'op.add_column("shelf", sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")), '
                "inline_references=True)"
            ),
            "mysql:8.4",
        ),
        (
            'op.execute("CREATE TABLE note (id INT PRIMARY KEY, account_id INT REFERENCES account (id))")',
            "mariadb:10.4",
        ),
    ],
)
def test_key_that_is_forgotten_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            (
                'op.execute("CREATE TABLE note (id INT PRIMARY KEY, account_id INT, FOREIGN KEY (account_id) '
                'REFERENCES account (id))")'
            ),
            "mysql:8.4",
        ),
        (
            'op.execute("CREATE TABLE note (id INT PRIMARY KEY, account_id INT REFERENCES account (id))")',
            "mysql:9.1",
        ),
        (
            'op.execute("CREATE TABLE note (id INT PRIMARY KEY, account_id INT REFERENCES account (id))")',
            "mariadb:10.11",
        ),
        (
            (
                'op.create_table("note", sa.Column("id", sa.Integer(), primary_key=True), '
                'sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")))'
            ),
            "mysql:8.4",
        ),
        (
            'op.add_column("shelf", sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")))',
            "mysql:8.4",
        ),
    ],
)
def test_key_that_is_kept_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        'op.execute("CREATE TABLE note (id INT PRIMARY KEY, account_id INT REFERENCES account (id))")',
        "mysql:8.4",
    )
    assert finding.message == (
        "mysql:8.4 reads REFERENCES account behind note.account_id and forgets it: there is no foreign key, "
        "and rows without a parent come in."
    )
    assert finding.instead == (
        "Write it as a constraint of the table:\n"
        "\n"
        '    op.create_foreign_key("fk_note_account_id_account", "note", "account", ["account_id"], ["id"])'
    )
