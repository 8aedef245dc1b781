from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-validate-same-tx"


@pytest.mark.parametrize(
    "body",
    [
        """
        op.create_check_constraint("ck_age", "account", "age >= 0", postgresql_not_valid=True)
        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")
        """,
        """
        op.create_foreign_key("fk_reader", "book", "account", ["account_id"], ["id"], postgresql_not_valid=True)
        op.execute("ALTER TABLE book VALIDATE CONSTRAINT fk_reader")
        """,
        """
        op.execute("ALTER TABLE account ADD CONSTRAINT ck_age CHECK (age >= 0) NOT VALID")
        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")
        """,
        'op.execute("ALTER TABLE account ADD CONSTRAINT ck_age CHECK (age > 0) NOT VALID, VALIDATE CONSTRAINT ck_age")',
        """
        op.create_check_constraint("ck_age", "account", "age >= 0", postgresql_not_valid=True)
        op.create_table("tag", sa.Column("id", sa.Integer()))
        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")
        """,
    ],
)
def test_validation_beside_its_constraint_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        op.create_check_constraint("ck_age", "account", "age >= 0", postgresql_not_valid=True)
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")
        """,
        """
        op.create_foreign_key("fk_reader", "book", "account", ["account_id"], ["id"], postgresql_not_valid=True)
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE book VALIDATE CONSTRAINT fk_reader")
        """,
        'op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")',
        """
        op.create_check_constraint("ck_age", "account", "age >= 0", postgresql_not_valid=True)
        op.execute("ALTER TABLE book VALIDATE CONSTRAINT ck_age")
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("account_id", sa.Integer()))
        op.create_check_constraint("ck", "tag", "id > 0", postgresql_not_valid=True)
        op.execute("ALTER TABLE tag VALIDATE CONSTRAINT ck")
        """,
    ],
)
def test_validation_on_its_own_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_validation_in_the_next_revision_is_clean() -> None:
    add = 'op.create_check_constraint("ck_age", "account", "age >= 0", postgresql_not_valid=True)'
    assert_clean(RULE, [add, 'op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")'], "postgresql:15")


def test_message_in_full() -> None:
    body = """
    op.create_foreign_key("fk_reader", "book", "account", ["account_id"], ["id"], postgresql_not_valid=True)
    op.execute("ALTER TABLE book VALIDATE CONSTRAINT fk_reader")
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "fk_reader was added in the same transaction, which still holds that lock: every write of book waits until all "
        "its rows have been read, as without NOT VALID."
    )
    assert finding.instead == (
        "Validate outside the transaction:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.execute("ALTER TABLE book VALIDATE CONSTRAINT fk_reader")'
    )
