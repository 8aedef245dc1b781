from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-create-table-fk-locks-parent"


@pytest.mark.parametrize(
    "body",
    [
        """
        op.create_table(
            "note",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")),
        )
        op.create_index("ix_book_isbn", "book", ["isbn"])
        """,
        """
        op.create_table(
            "note",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")),
        )
        op.execute("CREATE INDEX ix ON book (isbn)")
        """,
        """
        op.create_table(
            "note",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")),
        )
        op.alter_column("book", "isbn", nullable=False)
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("account_id", sa.Integer()))
        op.create_foreign_key("fk", "tag", "account", ["account_id"], ["id"])
        op.alter_column("book", "pages", type_=sa.BigInteger())
        """,
        """
        op.execute("CREATE TABLE note (id int PRIMARY KEY, account_id int REFERENCES account)")
        op.create_unique_constraint("uq", "book", ["isbn"])
        """,
    ],
)
def test_lock_that_lasts_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        op.create_table(
            "note",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")),
        )
        """,
        """
        op.create_table(
            "note",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")),
        )
        op.create_index("ix_note_account_id", "note", ["account_id"])
        """,
        """
        op.create_table(
            "note",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")),
        )
        op.add_column("account", sa.Column("notes", sa.Integer()))
        """,
        """
        op.create_table(
            "note",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")),
        )
        with op.get_context().autocommit_block():
            op.create_index("ix_book_isbn", "book", ["isbn"], postgresql_concurrently=True)
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("account_id", sa.Integer()))
        op.execute("INSERT INTO tag (account_id) SELECT id FROM account")
        """,
        """
        op.create_index("ix_book_isbn", "book", ["isbn"])
        op.create_table(
            "note",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")),
        )
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("account_id", sa.Integer()))
        op.create_table("note", sa.Column("tag_id", sa.Integer(), sa.ForeignKey("tag.id")))
        op.create_index("ix", "book", ["isbn"])
        """,
    ],
)
def test_lock_that_does_not_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


CREATE = """
op.create_table(
    "note",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")),
)
"""


def test_message_in_full() -> None:
    body = CREATE + 'op.create_index("ix_book_isbn", "book", ["isbn"])'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "The foreign key of note blocks every INSERT, UPDATE and DELETE on account until line 14 is done and the "
        "transaction commits."
    )
    assert finding.instead == "Let this be committed first: put what takes long into a later revision."
