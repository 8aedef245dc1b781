from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-check-validating"


@pytest.mark.parametrize(
    "body",
    [
        'op.create_check_constraint("ck_age", "account", "age >= 0")',
        'op.create_check_constraint("ck_age", "account", sa.column("age") > 0)',
        'op.execute("ALTER TABLE account ADD CONSTRAINT ck_age CHECK (age >= 0)")',
        'op.execute("ALTER TABLE account ADD CHECK (age >= 0)")',
        """
        with op.batch_alter_table("account") as batch:
            batch.create_check_constraint("ck_age", "age >= 0")
        """,
        'op.create_check_constraint("ck", "elsewhere", "a > 0")',
        """
        op.drop_constraint("ck_book_pages", "book", type_="check")
        op.create_check_constraint("ck_book_pages", "book", "pages >= 0")
        """,
    ],
)
def test_check_of_rows_that_are_there_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.create_check_constraint("ck_age", "account", "age >= 0", postgresql_not_valid=True)',
        'op.execute("ALTER TABLE account ADD CONSTRAINT ck_age CHECK (age >= 0) NOT VALID")',
        """
        op.execute("ALTER TABLE account ADD CONSTRAINT ck_age CHECK (age >= 0) NOT VALID")
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("account_id", sa.Integer()))
        op.create_check_constraint("ck_tag", "tag", "id > 0")
        """,
        'op.create_table("tag", sa.Column("id", sa.Integer()), sa.CheckConstraint("id > 0", name="ck"))',
        'op.execute("ALTER TABLE account ADD CONSTRAINT ck_age CHECK (age >= 0) NOT ENFORCED")',
    ],
)
def test_check_that_reads_no_row_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


@pytest.mark.parametrize("server", ["mariadb:10.11", "mysql:8.4"])
def test_other_engines_are_clean(server: str) -> None:
    assert_clean(RULE, 'op.create_check_constraint("ck_age", "account", "age >= 0")', server)


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, 'op.create_check_constraint("ck_age", "account", "age >= 0")', "postgresql:15"
    )
    assert finding.message == (
        "Adding the CHECK ck_age blocks every read and write of account until all its rows have been tested."
    )
    assert finding.instead == (
        "Add it NOT VALID, and test the old rows outside the transaction; everybody then goes on reading and writing:\n"
        "\n"
        "    op.create_check_constraint('ck_age', 'account', 'age >= 0', postgresql_not_valid=True)\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")'
    )
