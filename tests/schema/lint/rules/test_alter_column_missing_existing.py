from __future__ import annotations

import pytest

from app.schema.core.finding import Severity
from tests.schema.lint.verbs import HISTORY, assert_clean, assert_flags

RULE = "alter-column-missing-existing"
SERVERS = pytest.mark.parametrize("server", ["mariadb:10.11", "mysql:8.4"])
NOTED = f'{HISTORY}\nop.add_column("shelf", sa.Column("note", sa.Text(), comment="why"))'


@SERVERS
@pytest.mark.parametrize(
    "body",
    [
        'op.alter_column("account", "email", type_=sa.String(260))',
        'op.alter_column("account", "email", new_column_name="mail", existing_type=sa.String(255))',
        'op.alter_column("account", "name", nullable=False)',
        'op.alter_column("account", "active", type_=sa.Integer(), existing_nullable=False)',
        'op.alter_column("account", "id", type_=sa.BigInteger(), existing_nullable=False)',
        'op.alter_column("shelf", "note", type_=sa.String(80))',
        'with op.batch_alter_table("account") as batch:\n    batch.alter_column("email", type_=sa.String(260))',
    ],
)
def test_what_the_column_loses_is_flagged(body: str, server: str) -> None:
    assert assert_flags(RULE, body, server, before=NOTED).severity is Severity.ERROR


@SERVERS
@pytest.mark.parametrize(
    "body",
    [
        'op.alter_column("account", "email", type_=sa.String(260), existing_nullable=False)',
        'op.alter_column("account", "name", type_=sa.String(80))',
        'op.alter_column("account", "name", nullable=False, existing_type=sa.String(50))',
        'op.alter_column("account", "active", server_default=sa.false())',
        'op.alter_column("account", "active", type_=sa.Integer(), existing_nullable=False, server_default=None)',
        'op.alter_column("account", "id", type_=sa.BigInteger(), existing_nullable=False, autoincrement=True)',
        'op.alter_column("shelf", "note", type_=sa.Text(), existing_comment="why")',
    ],
)
def test_column_that_keeps_everything_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server, before=NOTED)


@pytest.mark.parametrize("server", ["postgresql:15", "sqlite:3.40"])
def test_engines_that_change_one_property_at_a_time_are_clean(server: str) -> None:
    assert_clean(RULE, 'op.alter_column("account", "email", type_=sa.String(260))', server)


def test_column_that_is_not_known_is_a_warning() -> None:
    finding = assert_flags(RULE, 'op.alter_column("elsewhere", "a", type_=sa.Text())', "mysql:8.4")
    assert finding.severity is Severity.WARNING


def test_message_in_full() -> None:
    body = 'op.alter_column("account", "active", type_=sa.Integer(), existing_type=sa.Boolean())'
    finding = assert_flags(RULE, body, "mariadb:10.11")
    assert finding.message == (
        "Column active of account silently loses NOT NULL and its server default: MySQL describes the whole column "
        "anew, and what the statement does not repeat is gone."
    )
    assert finding.instead == (
        "Repeat what the column has:\n\n"
        "    op.alter_column('account', 'active',\n"
        "               existing_type=sa.Boolean(),\n"
        "               type_=sa.Integer(),\n"
        "               existing_nullable=False,\n"
        "               existing_server_default=sa.text('true'))"
    )
