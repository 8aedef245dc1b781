from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "enum-create-missing"
ROLE = 'sa.Enum("member", "admin", name="account_role")'
ADD = f'op.add_column("account", sa.Column("role", {ROLE}))'


@pytest.mark.parametrize(
    "body",
    [
        ADD,
        f'op.alter_column("account", "country", type_={ROLE}, postgresql_using="country::account_role")',
        f'with op.batch_alter_table("account") as batch:\n    batch.add_column(sa.Column("role", {ROLE}))',
        f'op.create_table("tag", sa.Column("id", sa.Integer()))\n{ADD.replace("account", "tag", 1)}',
        f'op.add_column("account", sa.Column("roles", sa.ARRAY({ROLE})))',
        f'op.execute("DROP TYPE book_status CASCADE")\n{ADD.replace("account_role", "book_status")}',
    ],
)
def test_enum_without_its_type_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        ADD.replace("account_role", "book_status"),
        f"op.execute(\"CREATE TYPE account_role AS ENUM ('member', 'admin')\")\n{ADD}",
        f'role = {ROLE}\nrole.create(op.get_bind())\nop.add_column("account", sa.Column("role", role))',
        ADD.replace('name="account_role"', 'name="account_role", native_enum=False'),
        "from sqlalchemy.dialects.postgresql import ENUM\n"
        + ADD.replace("sa.Enum", "ENUM").replace('"account_role"', '"account_role", create_type=False'),
        f'op.create_table("tag", sa.Column("id", sa.Integer()), sa.Column("role", {ROLE}))',
        f'op.create_table("tag", sa.Column("role", {ROLE}))\n{ADD}',
        'op.add_column("account", sa.Column("role", sa.String(10)))',
    ],
)  # fmt: skip
def test_enum_whose_type_is_there_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


@pytest.mark.parametrize("server", ["mariadb:10.11", "mysql:8.4", "sqlite:3.40"])
def test_engines_without_enum_types_are_clean(server: str) -> None:
    assert_clean(RULE, ADD, server)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, ADD, "postgresql:15")
    assert finding.message == (
        'The revision fails with `type "account_role" does not exist`: nothing has created the enum type account_role, '
        "and op.add_column does not do it."
    )
    assert finding.instead == (
        "Create the type first:\n\n"
        "    op.execute(\"CREATE TYPE account_role AS ENUM ('member', 'admin')\")\n"
        "    op.add_column('account', sa.Column('role', sa.Enum('member', 'admin', name='account_role'), "
        "nullable=True))"
    )
