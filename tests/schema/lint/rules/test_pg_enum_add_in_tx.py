from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-enum-add-in-tx"
ADD = "op.execute(\"ALTER TYPE book_status ADD VALUE 'sold'\")\n"


@pytest.mark.parametrize(
    "use",
    [
        "op.execute(\"UPDATE book SET status = 'sold' WHERE id = 1\")",
        "op.execute(\"INSERT INTO book (title, status) VALUES ('a', 'sold')\")",
        'op.alter_column("book", "status", server_default="sold")',
        "op.execute(\"ALTER TABLE book ALTER COLUMN status SET DEFAULT 'sold'\")",
        'op.bulk_insert(sa.table("book", sa.column("status")), [{"status": "sold"}])',
        'op.create_index("ix", "book", ["title"], postgresql_where=sa.text("status = \'sold\'"))',
        'op.create_check_constraint("ck", "book", "status <> \'sold\'", postgresql_not_valid=True)',
        'op.add_column("book", sa.Column("before", sa.Enum("sold", name="book_status"), server_default="sold"))',
    ],
)
def test_value_used_in_the_same_transaction_is_flagged(use: str) -> None:
    assert_flags(RULE, ADD + use, "postgresql:15")


def test_any_value_added_in_a_transaction_is_flagged_before_version_12() -> None:
    assert_flags(RULE, ADD, "postgresql:11")


def test_value_used_in_a_later_revision_of_the_same_transaction_is_flagged() -> None:
    use = "op.execute(\"UPDATE book SET status = 'sold' WHERE id = 1\")"
    assert_flags(RULE, ADD, "postgresql:15", later=[use], transaction_per_migration=False)
    assert_clean(RULE, ADD, "postgresql:15", later=[use])


@pytest.mark.parametrize(
    "body",
    [
        ADD,
        ADD + "op.execute(\"UPDATE book SET status = 'draft' WHERE id = 1\")",
        ADD + "op.execute(\"UPDATE book SET title = 'is sold' WHERE id = 1\")",
        ADD + 'op.alter_column("book", "status", server_default="draft")',
        ADD + "op.execute(\"INSERT INTO shelf (label) VALUES ('sold')\")",
        ADD + 'op.alter_column("account", "name", server_default="sold")',
        (
            f"with op.get_context().autocommit_block():\n    {ADD}"
            "op.execute(\"UPDATE book SET status = 'sold' WHERE id = 1\")"
        ),
        (
            "op.execute(\"CREATE TYPE mood AS ENUM ('calm')\")\n"
            "op.execute(\"ALTER TYPE mood ADD VALUE 'sold'\")\n"
            "op.execute(\"CREATE TABLE t (m mood DEFAULT 'sold')\")"
        ),
    ],
)
def test_value_that_nothing_uses_too_early_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, ADD.strip() + "; op.execute(\"UPDATE book SET status = 'sold' WHERE id = 1\")", "postgresql:15"
    )
    assert finding.message == (
        "The revision fails with 'unsafe use of new value': 'sold' of book_status can be used only once the "
        "transaction that adds it has been committed, and line 9 uses it."
    )
    assert finding.instead == (
        "Add the value outside the transaction:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.execute(\"ALTER TYPE book_status ADD VALUE 'sold'\")"
    )
