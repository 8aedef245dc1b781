from __future__ import annotations

import pytest

from app.schema.core.facts import Facts, Violation
from app.schema.core.server import Server
from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "add-unique-existing"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.create_unique_constraint("uq_account_name", "account", ["name"])', "mariadb:10.11"),
        ('op.create_index("uq_account_name", "account", ["name"], unique=True)', "sqlite:3.40"),
        ('op.create_unique_constraint("uq", "account", ["name", "age"])', "mysql:8.4"),
        ('op.execute("ALTER TABLE account ADD UNIQUE KEY uq_account_name (name)")', "mariadb:10.11"),
        (
            (
                'with op.batch_alter_table("account") as batch:\n'
                '    batch.create_unique_constraint("uq_account_name", ["name"])'
            ),
            "sqlite:3.40",
        ),
        ('op.execute("CREATE UNIQUE INDEX uq_account_name ON account (name)")', "sqlite:3.40"),
        ('op.create_unique_constraint("uq", "of_long_ago", ["a"])', "mariadb:10.11"),
        (
            (
                'op.drop_constraint("uq_account_email", "account", type_="unique")\n'
                'op.create_unique_constraint("uq_account_country", "account", ["country"])'
            ),
            "mariadb:10.11",
        ),
    ],
)
def test_uniqueness_that_is_new_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.create_index("ix_account_name", "account", ["name"])', "mariadb:10.11"),
        ('op.create_unique_constraint("uq", "account", ["email", "country"])', "mariadb:10.11"),
        (
            (
                'op.add_column("account", sa.Column("code", sa.String(9)))\n'
                'op.create_index("uq_code", "account", ["code"], unique=True)'
            ),
            "sqlite:3.40",
        ),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), '
                'sa.Column("label", sa.Text()))\n'
                'op.create_unique_constraint("uq", "tag", ["label"])'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.drop_index("uq_account_email", "account")\n'
                'op.create_index("uq_email", "account", ["email", "country"], unique=True)'
            ),
            "mysql:8.4",
        ),
        (
            (
                'op.execute("DELETE FROM account WHERE id NOT IN (SELECT min(id) FROM account GROUP BY name)")\n'
                'op.create_index("uq", "account", ["name"], unique=True)'
            ),
            "sqlite:3.40",
        ),
        ('op.create_unique_constraint("uq", "account", ["name"])', "postgresql:15"),
        ('op.execute("ALTER TABLE account ADD KEY ix_account_name (name)")', "mariadb:10.11"),
    ],
)
def test_uniqueness_that_cannot_fail_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


UNIQUE = 'op.create_unique_constraint("uq_account_name", "account", ["name"])'


@pytest.mark.parametrize("server", ["postgresql:15", "mariadb:10.11"])
def test_duplicates_that_are_there_are_counted(server: str) -> None:
    seen = Violation("account", ("name",), 3, ("'Ada'", "'Bob'"))
    facts = Facts(Server.parse(server), duplicates={("account", ("name",)): seen})
    assert assert_flags(RULE, UNIQUE, server, facts=facts).message == (
        "The revision fails: 3 values of name occur more than once in account, such as 'Ada', 'Bob'."
    )


def test_database_without_duplicates_leaves_a_warning() -> None:
    facts = Facts(Server.parse("mariadb:10.11"))
    assert str(assert_flags(RULE, UNIQUE, "mariadb:10.11", facts=facts).severity) == "warning"
    assert_clean(RULE, UNIQUE, "postgresql:15", facts=Facts(Server.parse("postgresql:15")))


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, 'op.create_unique_constraint("uq_account_name", "account", ["name"])', "mariadb:10.11"
    )
    assert finding.message == (
        "The revision fails if two rows of account have the same name: nothing has kept duplicates out until now."
    )
    assert finding.instead == (
        "Look for duplicates first, and decide what becomes of them:\n"
        "\n"
        "    SELECT name, count(*) FROM account GROUP BY name HAVING count(*) > 1"
    )
