from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags, judge

RULE = "my-pin-algorithm"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("ALTER TABLE account ADD COLUMN plan VARCHAR(20)")', "mysql:8.4"),
        ('op.add_column("account", sa.Column("plan", sa.String(20)))', "mariadb:10.11"),
        ('op.create_index("ix", "account", ["name"])', "mysql:8.4"),
    ],
)
def test_change_without_algorithm_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.execute("ALTER TABLE account ADD COLUMN plan VARCHAR(20), ALGORITHM=INSTANT")', "mysql:8.4"),
        (
            (
                "op.execute(\"SET SESSION alter_algorithm = 'INSTANT'\")\n"
                'op.add_column("account", sa.Column("plan", sa.String(20)))'
            ),
            "mariadb:10.11",
        ),
        ('op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True))', "mysql:8.4"),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("label", '
                'sa.String(50)), sa.Column("n", sa.Integer()))\n'
                'op.add_column("tag", sa.Column("x", sa.Integer()))'
            ),
            "mysql:8.4",
        ),
    ],
)
def test_change_with_algorithm_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, 'op.create_index("ix", "account", ["name"])', "mysql:8.4")
    assert finding.message == (
        "This change of account is INPLACE on mysql:8.4, and nothing holds it to that: where it is not, the "
        "table is copied while writers wait."
    )
    assert finding.instead == (
        "Write it as SQL and append `ALGORITHM=INPLACE, LOCK=NONE`; a server that cannot do it so refuses at "
        "once."
    )


def test_rule_is_off_unless_it_is_asked() -> None:
    body = 'op.add_column("account", sa.Column("plan", sa.String(20)))'
    assert RULE not in {finding.rule for finding in judge(body, "mysql:8.4")}
