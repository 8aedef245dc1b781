from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-unvalidated-left-behind"


@pytest.mark.parametrize(
    "body",
    [
        'op.create_check_constraint("ck_age", "account", "age >= 0", postgresql_not_valid=True)',
        'op.create_foreign_key("fk_reader", "book", "account", ["account_id"], ["id"], postgresql_not_valid=True)',
        'op.execute("ALTER TABLE account ADD CONSTRAINT ck_age CHECK (age >= 0) NOT VALID")',
        """
        op.create_check_constraint("ck_age", "account", "age >= 0", postgresql_not_valid=True)
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE account VALIDATE CONSTRAINT other")
        """,
        """
        op.create_check_constraint("ck_age", "account", "age >= 0", postgresql_not_valid=True)
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE book VALIDATE CONSTRAINT ck_age")
        """,
    ],
)
def test_constraint_that_nobody_validates_is_flagged(body: str) -> None:
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
        """
        op.create_check_constraint("ck_age", "account", "age >= 0", postgresql_not_valid=True)
        op.drop_constraint("ck_age", "account", type_="check")
        """,
        'op.create_check_constraint("ck_age", "account", "age >= 0")',
        """
        op.create_check_constraint("ck_age", "account", "age >= 0", postgresql_not_valid=True)
        op.rename_table("account", "person")
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE person VALIDATE CONSTRAINT ck_age")
        """,
        """
        op.create_check_constraint("ck_age", "account", "age >= 0", postgresql_not_valid=True)
        op.execute("ALTER TABLE account RENAME CONSTRAINT ck_age TO ck")
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck")
        """,
        'op.execute("ALTER TABLE account ADD CONSTRAINT ck_age CHECK (age >= 0) NOT ENFORCED")',
    ],
)
def test_constraint_that_does_not_stay_so_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


ADD = 'op.create_check_constraint("ck_age", "account", "age >= 0", postgresql_not_valid=True)'


def test_later_revision_counts() -> None:
    validate = 'op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")'
    assert_clean(RULE, ADD, "postgresql:15", later=["pass", validate])
    assert_flags(RULE, ADD, "postgresql:15", later=["pass"])


def test_not_null_of_postgresql_18_counts() -> None:
    add = 'op.execute("ALTER TABLE account ADD CONSTRAINT nn NOT NULL name NOT VALID")'
    assert_flags(RULE, add, "postgresql:18")
    assert_clean(
        RULE, add, "postgresql:18", later=['op.execute("ALTER TABLE account VALIDATE CONSTRAINT nn")']
    )


def test_message_in_full() -> None:
    finding = assert_flags(RULE, ADD, "postgresql:15")
    assert finding.message == (
        "ck_age stays NOT VALID: no revision validates it, so old rows of account may break it for ever, and queries "
        "gain nothing from it."
    )
    assert finding.instead == (
        "Validate it outside the transaction, here or in a revision of its own:\n"
        "\n"
        "    op.create_check_constraint('ck_age', 'account', 'age >= 0', postgresql_not_valid=True)\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")'
    )
