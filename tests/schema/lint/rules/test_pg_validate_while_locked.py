from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-validate-while-locked"


@pytest.mark.parametrize(
    "body",
    [
        """
        op.add_column("account", sa.Column("nick", sa.Text()))
        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")
        """,
        """
        op.execute("ALTER TABLE account ADD COLUMN nick text")
        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")
        """,
        """
        op.create_index("ix_age", "account", ["age"])
        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")
        """,
        """
        op.drop_column("account", "bio")
        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")
        """,
        """
        op.create_foreign_key("fk_reader", "book", "account", ["account_id"], ["id"], postgresql_not_valid=True)
        with op.get_context().autocommit_block():
            op.execute("SELECT 1")
        op.add_column("account", sa.Column("nick", sa.Text()))
        op.execute("ALTER TABLE book VALIDATE CONSTRAINT fk_reader")
        """,
        """
        op.execute("LOCK TABLE account IN ACCESS EXCLUSIVE MODE")
        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")
        """,
    ],
)
def test_validation_behind_a_lock_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")',
        """
        op.add_column("shelf", sa.Column("room", sa.Text()))
        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")
        """,
        """
        op.add_column("account", sa.Column("nick", sa.Text()))
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")
        """,
        """
        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")
        op.add_column("account", sa.Column("nick", sa.Text()))
        """,
        """
        op.add_column("book", sa.Column("note", sa.Text()))
        op.execute("ALTER TABLE book VALIDATE CONSTRAINT ck_book_pages")
        """,
        """
        op.create_table_comment("account", "people")
        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")
        """,
    ],
)
def test_validation_without_one_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_constraint_of_the_same_transaction_is_told_once() -> None:
    body = """
    op.create_check_constraint("ck_age", "account", "age >= 0", postgresql_not_valid=True)
    op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")
    """
    assert_clean(RULE, body, "postgresql:15")
    assert_flags("pg-validate-same-tx", body, "postgresql:15")


def test_message_in_full() -> None:
    body = """
    op.add_column("account", sa.Column("nick", sa.Text()))
    op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "An earlier statement of this transaction holds ACCESS EXCLUSIVE on account: every read and write of account "
        "waits until VALIDATE has read all rows of account."
    )
    assert finding.instead == (
        "Validate outside the transaction:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")'
    )
