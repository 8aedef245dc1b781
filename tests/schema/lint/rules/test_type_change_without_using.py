from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "type-change-without-using"


@pytest.mark.parametrize(
    "body",
    [
        'op.alter_column("account", "name", type_=sa.Integer())',
        'op.alter_column("account", "age", type_=sa.Boolean())',
        'op.alter_column("account", "country", type_=sa.Enum("de", "fr", name="book_status"))',
        'op.alter_column("account", "bio", type_=sa.JSON())',
        'op.alter_column("account", "created_at", type_=sa.Integer())',
        'op.execute("ALTER TABLE account ALTER COLUMN name TYPE integer")',
        'with op.batch_alter_table("account") as batch:\n    batch.alter_column("name", type_=sa.Integer())',
        'op.alter_column("elsewhere", "a", existing_type=sa.Text(), type_=sa.Date())',
    ],
)
def test_change_that_needs_to_be_told_how_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.alter_column("account", "name", type_=sa.Integer(), postgresql_using="name::integer")',
        'op.execute("ALTER TABLE account ALTER COLUMN name TYPE integer USING name::integer")',
        'op.alter_column("account", "age", type_=sa.BigInteger())',
        'op.alter_column("account", "age", type_=sa.Text())',
        'op.alter_column("account", "name", type_=sa.String(80))',
        'op.alter_column("account", "balance", type_=sa.Integer())',
        'op.alter_column("account", "created_at", type_=sa.Date())',
        'op.alter_column("elsewhere", "a", type_=sa.Integer())',
        'op.execute("CREATE DOMAIN short AS varchar(9)")\nop.execute("ALTER TABLE account ALTER name TYPE short")',
        'op.alter_column("account", "name", nullable=False)',
    ],
)
def test_change_that_is_made_by_itself_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


@pytest.mark.parametrize("server", ["mariadb:10.11", "sqlite:3.40"])
def test_engines_that_convert_silently_are_clean(server: str) -> None:
    assert_clean(RULE, 'op.alter_column("account", "name", type_=sa.Integer())', server)


def test_message_in_full() -> None:
    body = 'op.alter_column("account", "name", type_=sa.Integer(), existing_nullable=True)'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        'The revision fails with `column "name" cannot be cast automatically to type integer`: PostgreSQL does not '
        "turn varchar into integer without being told how."
    )
    assert finding.instead == (
        "Say how, and look for values that do not fit first:\n\n"
        "    op.alter_column('account', 'name',\n"
        "               type_=sa.Integer(),\n"
        "               existing_nullable=True,\n"
        "               postgresql_using='name::INTEGER')"
    )
