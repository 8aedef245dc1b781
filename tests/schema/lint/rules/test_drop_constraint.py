from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "drop-constraint"


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.drop_constraint("uq_account_email", "account", type_="unique")', "postgresql:15"),
        ('op.drop_constraint("fk_book_account_id_account", "book")', "postgresql:15"),
        ('op.drop_constraint("ck_book_pages", "book", type_="check")', "mysql:8.4"),
        (
            (
                'with op.batch_alter_table("account") as batch:\n'
                '    batch.drop_constraint("uq_account_email", type_="unique")'
            ),
            "sqlite:3.40",
        ),
        ('op.execute("ALTER TABLE book DROP CONSTRAINT ck_book_pages")', "postgresql:15"),
        ('op.execute("ALTER TABLE book DROP FOREIGN KEY fk_book_account_id_account")', "mariadb:10.11"),
        ('op.execute("ALTER TABLE account DROP INDEX uq_account_email")', "mysql:8.4"),
        ('op.drop_index("uq_account_email", "account")', "mariadb:10.11"),
        ('op.drop_constraint("ck_old", "of_long_ago", type_="check")', "postgresql:15"),
    ],
)
def test_constraint_that_goes_away_is_flagged(body: str, server: str) -> None:
    assert_flags(RULE, body, server)


@pytest.mark.parametrize(
    ("body", "server"),
    [
        ('op.drop_index("ix_book_title", "book")', "postgresql:15"),
        ('op.drop_constraint(None, "account", type_="unique")', "postgresql:15"),
        ('op.drop_constraint("account_pkey", "account", type_="primary")', "postgresql:15"),
        (
            (
                'op.drop_constraint("uq_account_email", "account", type_="unique")\n'
                'op.create_unique_constraint("uq", "account", ["email", "country"])'
            ),
            "postgresql:15",
        ),
        (
            (
                'op.drop_constraint("fk_book_account_id_account", "book")\n'
                'op.create_foreign_key("fk_book_account_id_account", "book", "account", ["account_id"], '
                '["id"], ondelete="CASCADE")'
            ),
            "postgresql:15",
        ),
        (
            (
                'op.drop_constraint("fk_book_account_id_account", "book")\n'
                'op.drop_column("book", "account_id")'
            ),
            "postgresql:15",
        ),
        (
            (
                'op.drop_constraint("ck_book_pages", "book", type_="check")\n'
                'op.create_check_constraint("ck_book_pages", "book", "pages > 1")'
            ),
            "mysql:8.4",
        ),
        (
            (
                'op.create_index("uq_email", "account", ["email"], unique=True)\n'
                'op.drop_constraint("uq_account_email", "account", type_="unique")'
            ),
            "postgresql:15",
        ),
        (
            (
                'op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")\n'
                'op.drop_table("account")'
            ),
            "mariadb:10.11",
        ),
        (
            (
                'op.create_check_constraint("ck_tmp", "account", "email IS NOT NULL")\n'
                'op.drop_constraint("ck_tmp", "account")'
            ),
            "postgresql:15",
        ),
    ],
)
def test_constraint_that_is_not_missed_is_clean(body: str, server: str) -> None:
    assert_clean(RULE, body, server)


UNIQUE_INDEX = 'op.create_index("uq_account_name", "account", ["name"], unique=True)'


@pytest.mark.parametrize("server", ["postgresql:15", "mysql:8.4", "sqlite:3.40"])
def test_unique_index_is_as_good_as_a_constraint(server: str) -> None:
    finding = assert_flags(RULE, [UNIQUE_INDEX, 'op.drop_index("uq_account_name")'], server)
    assert (finding.table, finding.column) == ("account", "name")


def test_unique_index_with_a_successor_is_clean() -> None:
    change = (
        UNIQUE_INDEX.replace("uq_account_name", "uq_name_2") + '\nop.drop_index("uq_account_name", "account")'
    )
    assert_clean(RULE, [UNIQUE_INDEX, change], "sqlite:3.40")


def test_check_that_a_not_null_makes_superfluous_is_clean() -> None:
    steps = [
        'op.create_check_constraint("ck_name", "account", "name IS NOT NULL", postgresql_not_valid=True)',
        """
        op.alter_column("account", "name", existing_type=sa.String(50), nullable=False)
        op.drop_constraint("ck_name", "account")
        """,
    ]
    assert_clean(RULE, steps, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, 'op.drop_constraint("uq_account_email", "account", type_="unique")', "postgresql:15"
    )
    assert finding.message == (
        "Without uq_account_email, duplicates get into account; once one is there, neither a downgrade nor a "
        "later revision can add the constraint again."
    )
    assert finding.instead == (
        "Add the constraint that takes the place of uq_account_email in the same revision, or keep it."
    )
