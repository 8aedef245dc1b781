from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-set-not-null"


@pytest.mark.parametrize(
    "body",
    [
        'op.alter_column("account", "name", existing_type=sa.String(50), nullable=False)',
        'op.execute("ALTER TABLE account ALTER COLUMN name SET NOT NULL")',
        'op.get_bind().execute(sa.text("ALTER TABLE account ALTER name SET NOT NULL"))',
        """
        with op.batch_alter_table("account") as batch:
            batch.alter_column("name", nullable=False)
        """,
        'op.alter_column("elsewhere", "name", nullable=False)',
        """
        op.add_column("account", sa.Column("plan", sa.String(9)))
        op.execute("UPDATE account SET plan = 'free' WHERE id < 1000")
        op.alter_column("account", "plan", nullable=False)
        """,
        """
        op.create_check_constraint("ck_name", "account", "name IS NOT NULL", postgresql_not_valid=True)
        op.alter_column("account", "name", nullable=False)
        """,
        """
        op.execute("ALTER TABLE account ADD CONSTRAINT ck CHECK (name IS NOT NULL OR age > 1) NOT VALID")
        op.execute("COMMIT")
        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck")
        op.alter_column("account", "name", nullable=False)
        """,
    ],
)
def test_column_that_may_hold_null_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.alter_column("account", "email", existing_type=sa.String(255), nullable=False)',
        'op.alter_column("account", "name", existing_type=sa.String(50), nullable=True)',
        'op.alter_column("elsewhere", "name", existing_nullable=False, nullable=False)',
        """
        op.create_table("tag", sa.Column("code", sa.Text()))
        op.alter_column("tag", "code", nullable=False)
        """,
        """
        op.create_check_constraint("ck_name", "account", "name IS NOT NULL", postgresql_not_valid=True)
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_name")
        op.alter_column("account", "name", nullable=False)
        """,
        """
        op.execute("ALTER TABLE account ADD CONSTRAINT ck CHECK (name IS NOT NULL AND name <> '') NOT VALID")
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck")
        op.execute("ALTER TABLE account ALTER name SET NOT NULL")
        """,
    ],
)
def test_column_that_holds_none_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_check_saves_nothing_before_version_12() -> None:
    body = """
    op.create_check_constraint("ck_name", "account", "name IS NOT NULL", postgresql_not_valid=True)
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_name")
    op.alter_column("account", "name", nullable=False)
    """
    finding = assert_flags(RULE, body, "postgresql:11")
    assert finding.fix is None
    assert "DROP" not in (finding.instead or "")


def test_not_null_of_postgresql_18_that_is_not_valid_is_clean() -> None:
    body = """
    op.execute("ALTER TABLE account ADD CONSTRAINT nn NOT NULL name NOT VALID")
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE account VALIDATE CONSTRAINT nn")
    op.alter_column("account", "name", nullable=False)
    """
    assert_clean(RULE, body, "postgresql:18")
    assert_flags(RULE, 'op.execute("ALTER TABLE account ADD CONSTRAINT nn NOT NULL name")', "postgresql:18")


def test_check_that_waits_is_validated_rather_than_doubled() -> None:
    body = """
    op.create_check_constraint("ck_name", "account", "name IS NOT NULL", postgresql_not_valid=True)
    op.alter_column("account", "name", nullable=False)
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert "VALIDATE CONSTRAINT ck_name" in (finding.instead or "")
    assert "create_check_constraint" not in (finding.instead or "")


def test_names_are_quoted_where_they_have_to_be() -> None:
    before = 'op.create_table("t", sa.Column("order", sa.Integer()), sa.Column("shipTo", sa.Text()))'
    for column in ("order", "shipTo"):
        body = f'op.alter_column("t", "{column}", nullable=False)'
        finding = assert_flags(RULE, body, "postgresql:15", before=before)
        assert f'"{column}" IS NOT NULL' in (finding.instead or "")


def test_statement_under_a_condition_gets_no_fix() -> None:
    body = """
    op.execute("DO $$ BEGIN IF EXISTS (SELECT 1) THEN ALTER TABLE account ALTER name SET NOT NULL; END IF; END $$")
    """
    assert assert_flags(RULE, body, "postgresql:15").fix is None


def test_other_changes_of_the_column_stay() -> None:
    finding = assert_flags(
        RULE, 'op.alter_column("account", "name", server_default="x", nullable=False)', "postgresql:15"
    )
    assert "server_default='x'" in (finding.instead or "")


@pytest.mark.parametrize("server", ["mariadb:10.11", "mysql:8.4", "sqlite:3.40"])
def test_other_engines_are_clean(server: str) -> None:
    body = """
    with op.batch_alter_table("account") as batch:
        batch.alter_column("name", existing_type=sa.String(50), nullable=False)
    """
    assert_clean(RULE, body, server)


def test_message_in_full() -> None:
    body = 'op.alter_column("account", "name", existing_type=sa.String(50), nullable=False)'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "Setting NOT NULL on account.name blocks every read and write of account until all its rows have been looked "
        "at, and fails at the first NULL."
    )
    assert finding.instead == (
        "Let a CHECK prove it first; it is validated while everybody goes on reading and writing:\n"
        "\n"
        "    op.create_check_constraint('ck_account_name_not_null', 'account', 'name IS NOT NULL', "
        "postgresql_not_valid=True)\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_account_name_not_null")\n'
        "    op.alter_column('account', 'name',\n"
        "               existing_type=sa.String(length=50),\n"
        "               nullable=False)\n"
        "    op.drop_constraint('ck_account_name_not_null', 'account', type_='check')"
    )
