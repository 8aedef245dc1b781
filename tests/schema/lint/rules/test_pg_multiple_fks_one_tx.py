from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-multiple-fks-one-tx"


@pytest.mark.parametrize(
    "body",
    [
        """
        op.create_foreign_key("f1", "shelf", "account", ["id"], ["id"], postgresql_not_valid=True)
        op.create_foreign_key("f2", "shelf", "book", ["id"], ["id"], postgresql_not_valid=True)
        """,
        """
        op.create_foreign_key("f1", "shelf", "account", ["id"], ["id"])
        op.create_foreign_key("f2", "shelf", "book", ["id"], ["id"])
        """,
        """
        op.execute("ALTER TABLE shelf ADD CONSTRAINT f1 FOREIGN KEY (id) REFERENCES account NOT VALID")
        op.execute("ALTER TABLE shelf ADD CONSTRAINT f2 FOREIGN KEY (id) REFERENCES book NOT VALID")
        """,
        """
        op.create_foreign_key("f1", "shelf", "account", ["id"], ["id"], postgresql_not_valid=True)
        op.create_foreign_key("f2", "account", "book", ["id"], ["id"], postgresql_not_valid=True)
        """,
        """
        op.add_column("shelf", sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")))
        op.create_foreign_key("f2", "shelf", "book", ["id"], ["id"], postgresql_not_valid=True)
        """,
    ],
)
def test_second_table_referred_to_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.create_foreign_key("f1", "shelf", "account", ["id"], ["id"], postgresql_not_valid=True)',
        """
        op.create_foreign_key("f1", "shelf", "account", ["id"], ["id"], postgresql_not_valid=True)
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE shelf VALIDATE CONSTRAINT f1")
        op.create_foreign_key("f2", "shelf", "book", ["id"], ["id"], postgresql_not_valid=True)
        """,
        """
        op.create_foreign_key("f1", "shelf", "account", ["id"], ["id"], postgresql_not_valid=True)
        op.create_foreign_key("f2", "book", "account", ["pages"], ["id"], postgresql_not_valid=True)
        """,
        """
        op.create_foreign_key("f1", "shelf", "account", ["id"], ["id"], postgresql_not_valid=True)
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("account_id", sa.Integer()))
        op.create_foreign_key("f2", "shelf", "tag", ["id"], ["id"], postgresql_not_valid=True)
        """,
        """
        op.create_foreign_key("f1", "shelf", "account", ["id"], ["id"], postgresql_not_valid=True)
        op.create_foreign_key("f2", "shelf", "shelf", ["id"], ["id"], postgresql_not_valid=True)
        """,
        """
        op.create_table(
            "lending",
            sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True),
            sa.Column("book_id", sa.Integer(), sa.ForeignKey("book.id"), primary_key=True),
        )
        """,
    ],
)
def test_one_table_at_a_time_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = """
    op.create_foreign_key("f1", "shelf", "account", ["id"], ["id"], postgresql_not_valid=True)
    op.create_foreign_key("f2", "shelf", "book", ["id"], ["id"], postgresql_not_valid=True)
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "This transaction blocks writes to 'account' and 'book' at once, until it commits: an application that writes "
        "to them in another order deadlocks with it."
    )
    assert finding.instead == (
        "Add one foreign key in each transaction: validate each in an autocommit block before the next, or write one "
        "revision for each."
    )
