from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-work-after-strong-lock"


@pytest.mark.parametrize(
    "body",
    [
        """
        op.add_column("account", sa.Column("plan", sa.Text()))
        op.execute("ALTER TABLE book VALIDATE CONSTRAINT ck_book_isbn")
        """,
        """
        op.execute("ALTER TABLE account ADD COLUMN plan text")
        op.execute("ALTER TABLE book VALIDATE CONSTRAINT ck_book_isbn")
        """,
        """
        op.execute("LOCK TABLE account IN SHARE MODE")
        op.execute("UPDATE book SET title = lower(title)")
        """,
        """
        op.add_column("account", sa.Column("plan", sa.Text()))
        op.execute("REFRESH MATERIALIZED VIEW totals")
        """,
        """
        op.create_table("tag", sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")))
        op.execute("INSERT INTO tag SELECT id FROM account")
        """,
    ],
)
def test_work_that_keeps_a_table_shut_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("ALTER TABLE book VALIDATE CONSTRAINT ck_book_isbn")',
        """
        op.execute("ALTER TABLE book VALIDATE CONSTRAINT ck_book_isbn")
        op.add_column("account", sa.Column("plan", sa.Text()))
        """,
        """
        op.add_column("account", sa.Column("plan", sa.Text()))
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE book VALIDATE CONSTRAINT ck_book_isbn")
        """,
        'op.execute("UPDATE book SET title = lower(title)")',
        """
        op.execute("LOCK TABLE account IN SHARE MODE")
        op.execute("UPDATE book SET title = 'x' WHERE id = 1")
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer()), sa.Column("name", sa.Text()))
        op.execute("INSERT INTO tag (id) SELECT id FROM account")
        """,
        """
        op.add_column("account", sa.Column("plan", sa.Text()))
        op.execute("INSERT INTO shelf (label) VALUES ('new')")
        """,
        """
        op.execute("COMMENT ON TABLE account IS 'people'")
        op.execute("ALTER TABLE book VALIDATE CONSTRAINT ck_book_isbn")
        """,
    ],
)
def test_work_that_nobody_waits_for_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = """
    op.add_column("account", sa.Column("plan", sa.Text()))
    op.execute("ALTER TABLE book VALIDATE CONSTRAINT ck_book_isbn")
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "Nobody can read or write account, locked in line 9, until this statement has gone through book and "
        "the transaction ends; the more rows, the longer."
    )
    assert finding.instead == ("Move this statement to a revision of its own, after r1.")
