from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags, judge

RULE = "my-varchar-shrink"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.alter_column("account", "name", type_=sa.String(20), existing_type=sa.String(50))', "mysql:8.4"),
        ('op.execute("ALTER TABLE account MODIFY name VARCHAR(20)")', "mariadb:10.11"),
        ('op.alter_column("legacy", "a", type_=sa.String(10), existing_type=sa.String(60))', "mariadb:10.11"),
        (
            'op.alter_column("account", "name", type_=sa.String(20), existing_type=sa.String(50))',
            "mariadb:10.11",
        ),
    ],
)
def test_shorter_varchar_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            'op.alter_column("account", "name", type_=sa.String(60), existing_type=sa.String(50))',
            "mariadb:10.11",
        ),
        ('op.alter_column("account", "name", type_=sa.String(50), existing_type=sa.String(50))', "mysql:8.4"),
        ('op.alter_column("account", "name", existing_type=sa.String(20), nullable=True)', "mysql:8.4"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", '
                'sa.String(50)), sa.Column("n", sa.Integer()))\n'
                'op.alter_column("tag", "label", type_=sa.String(10), existing_type=sa.String(50))'
            ),
            "mysql:8.4",
        ),
        (
            'op.alter_column("account", "name", type_=sa.String(20), existing_type=sa.String(50))',
            "postgresql:15",
        ),
    ],
)
def test_varchar_that_keeps_its_values_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        'op.alter_column("account", "name", type_=sa.String(20), existing_type=sa.String(50))',
        "mysql:8.4",
    )
    assert finding.message == (
        "Values of account.name longer than 20 make the revision fail; MySQL copies the whole table account, "
        "and every INSERT, UPDATE and DELETE on it waits until that is done; it needs the table's size again "
        "on disk, and replicas fall behind."
    )
    assert finding.instead == (
        "Keep the length and limit new values in the application; a VARCHAR takes only the space of its "
        "values. If it has to be, look for longer values first:\n"
        "\n"
        "    SELECT count(*) FROM account WHERE char_length(name) > 20"
    )


def test_one_finding_says_it_all() -> None:
    body = 'op.alter_column("account", "name", type_=sa.String(20), existing_type=sa.String(50))'
    assert [finding.rule for finding in judge(body, "mysql:8.4")] == [RULE]
