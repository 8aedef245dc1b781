from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "narrow-type"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            'op.alter_column("account", "name", type_=sa.String(20), existing_type=sa.String(50))',
            "postgresql:15",
        ),
        (
            'op.alter_column("account", "age", type_=sa.SmallInteger(), existing_type=sa.Integer())',
            "mariadb:10.11",
        ),
        (
            (
                'op.alter_column("account", "balance", type_=sa.Numeric(8, 1), '
                "existing_type=sa.Numeric(10, 2))"
            ),
            "mysql:8.4",
        ),
        (
            'op.alter_column("account", "name", type_=sa.Integer(), postgresql_using="name::integer")',
            "postgresql:15",
        ),
        (
            ('op.alter_column("event", "at", type_=sa.DateTime(), existing_type=sa.DateTime(timezone=True))'),
            "postgresql:15",
        ),
        ('op.execute("ALTER TABLE account ALTER COLUMN name TYPE varchar(20)")', "postgresql:15"),
        ('op.execute("ALTER TABLE account MODIFY age SMALLINT")', "mariadb:10.11"),
        ('op.alter_column("account", "bio", type_=sa.String(100), existing_type=sa.Text())', "postgresql:15"),
        ('op.alter_column("account", "created_at", type_=sa.Date())', "postgresql:15"),
    ],
)
def test_narrower_type_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        (
            'op.alter_column("account", "name", type_=sa.String(80), existing_type=sa.String(50))',
            "postgresql:15",
        ),
        ('op.alter_column("account", "name", type_=sa.Text())', "postgresql:15"),
        ('op.alter_column("account", "age", type_=sa.BigInteger())', "postgresql:15"),
        (
            (
                'op.alter_column("account", "balance", type_=sa.Numeric(12, 2), '
                "existing_type=sa.Numeric(10, 2))"
            ),
            "mysql:8.4",
        ),
        (
            (
                'with op.batch_alter_table("account") as batch:\n'
                '    batch.alter_column("name", type_=sa.String(20))'
            ),
            "sqlite:3.40",
        ),
        (
            (
                'op.add_column("account", sa.Column("tmp", sa.Text()))\n'
                'op.alter_column("account", "tmp", type_=sa.String(10))'
            ),
            "postgresql:15",
        ),
        (
            (
                'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), '
                'sa.Column("label", sa.Text()))\n'
                'op.alter_column("tag", "label", type_=sa.String(10))'
            ),
            "postgresql:15",
        ),
        ('op.execute("ALTER TABLE account ALTER COLUMN name TYPE text")', "postgresql:15"),
        ('op.execute("ALTER TABLE account MODIFY age BIGINT")', "mariadb:10.11"),
        ('op.alter_column("account", "created_at", type_=sa.DateTime(timezone=True))', "postgresql:15"),
    ],
)
def test_type_that_holds_every_value_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


def test_values_that_a_validated_check_limits_are_clean() -> None:
    check = 'op.create_check_constraint("ck_account_name", "account", "char_length(name) <= 20")'
    change = 'op.alter_column("account", "name", type_=sa.String(20), existing_type=sa.String(50))'
    assert_clean(RULE, [check, change], "postgresql:15")


def test_check_that_is_wider_than_the_new_type_does_not_help() -> None:
    check = 'op.create_check_constraint("ck_account_name", "account", "char_length(name) <= 30")'
    change = 'op.alter_column("account", "name", type_=sa.String(20), existing_type=sa.String(50))'
    assert_flags(RULE, [check, change], "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE,
        'op.alter_column("account", "name", type_=sa.String(20), existing_type=sa.String(50))',
        "postgresql:15",
    )
    assert finding.message == (
        "Values of account.name that do not fit into VARCHAR(20) make the revision fail; code that still writes "
        "VARCHAR(50) gets an error. Nobody can read or write account while all its rows are written anew."
    )
    assert finding.instead == (
        "Look for such values first, mend them, and narrow the type in a later release, once a CHECK has kept "
        "new ones out:\n"
        "\n"
        "    SELECT count(*) FROM account WHERE char_length(name) > 20"
    )
