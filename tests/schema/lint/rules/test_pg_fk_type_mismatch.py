from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-fk-type-mismatch"


@pytest.mark.parametrize(
    "body",
    [
        """
        op.execute("CREATE TABLE event (id bigint PRIMARY KEY, uid uuid UNIQUE)")
        op.create_table("visit", sa.Column("event_id", sa.Integer(), sa.ForeignKey("event.id")))
        """,
        """
        op.execute("CREATE TABLE event (id bigint PRIMARY KEY, uid uuid UNIQUE)")
        op.add_column("book", sa.Column("event_id", sa.Integer(), sa.ForeignKey("event.id")))
        """,
        """
        op.execute("CREATE TABLE event (id bigint PRIMARY KEY, uid uuid UNIQUE)")
        op.create_foreign_key("fk", "book", "event", ["account_id"], ["id"])
        """,
        """
        op.execute("CREATE TABLE event (id bigint PRIMARY KEY, uid uuid UNIQUE)")
        op.execute("ALTER TABLE book ADD CONSTRAINT fk FOREIGN KEY (account_id) REFERENCES event (id) NOT VALID")
        """,
        """
        op.execute("CREATE TABLE event (id bigint PRIMARY KEY, uid uuid UNIQUE)")
        op.add_column("book", sa.Column("event_uid", sa.String(36), sa.ForeignKey("event.uid")))
        """,
        'op.create_foreign_key("fk", "book", "account", ["isbn"], ["id"], postgresql_not_valid=True)',
        'op.execute("CREATE TABLE visit (id bigint PRIMARY KEY, parent_id integer REFERENCES visit (id))")',
    ],
)
def test_column_of_another_type_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        op.execute("CREATE TABLE event (id bigint PRIMARY KEY, uid uuid UNIQUE)")
        op.create_table("visit", sa.Column("event_id", sa.BigInteger(), sa.ForeignKey("event.id")))
        """,
        'op.add_column("book", sa.Column("owner_id", sa.BigInteger(), sa.ForeignKey("account.id")))',
        'op.create_foreign_key("fk", "book", "account", ["isbn"], ["email"])',
        'op.create_foreign_key("fk", "book", "elsewhere", ["account_id"], ["id"])',
        'op.execute("CREATE TABLE visit (id bigserial PRIMARY KEY, parent_id bigint REFERENCES visit (id))")',
        """
        op.create_table(
            "visit",
            sa.Column("account_id", sa.Integer()),
            sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        )
        """,
        """
        op.execute("CREATE TABLE event (id bigint PRIMARY KEY, uid uuid UNIQUE)")
        op.create_table("visit", sa.Column("uid", sa.UUID(), sa.ForeignKey("event.uid")))
        """,
    ],
)
def test_column_that_goes_with_the_key_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_types_that_cannot_be_compared_are_an_error() -> None:
    body = 'op.create_foreign_key("fk", "book", "account", ["isbn"], ["id"], postgresql_not_valid=True)'
    finding = assert_flags(RULE, body, "postgresql:15")
    assert str(finding.severity) == "error"
    assert finding.message == (
        "The revision fails: book.isbn is varchar and account.id is integer, which PostgreSQL cannot compare."
    )


def test_message_in_full() -> None:
    body = """
    op.create_table("event", sa.Column("id", sa.BigInteger(), primary_key=True))
    op.add_column("book", sa.Column("event_id", sa.Integer(), sa.ForeignKey("event.id")))
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "book.event_id is integer and event.id is bigint: once the key has passed the greatest integer, no row of book "
        "can refer to it, and widening the column then rewrites the table."
    )
    assert finding.instead == "Make book.event_id bigint as well."
