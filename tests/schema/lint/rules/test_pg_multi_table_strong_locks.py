from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-multi-table-strong-locks"


@pytest.mark.parametrize(
    "body",
    [
        """
        op.add_column("account", sa.Column("plan", sa.Text()))
        op.add_column("book", sa.Column("plan", sa.Text()))
        """,
        """
        op.execute("ALTER TABLE book ADD COLUMN plan text")
        op.execute("ALTER TABLE account ADD COLUMN plan text")
        """,
        """
        with op.batch_alter_table("account") as batch:
            batch.add_column(sa.Column("plan", sa.Text()))
        op.add_column("book", sa.Column("plan", sa.Text()))
        """,
    ],
)
def test_second_table_that_is_used_with_the_first_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("account", sa.Column("plan", sa.Text()))',
        """
        op.add_column("account", sa.Column("plan", sa.Text()))
        op.add_column("account", sa.Column("more", sa.Text()))
        """,
        """
        op.add_column("account", sa.Column("plan", sa.Text()))
        op.add_column("shelf", sa.Column("plan", sa.Text()))
        """,
        """
        op.create_table("tag", sa.Column("id", sa.Integer()), sa.Column("name", sa.Text()))
        op.add_column("tag", sa.Column("n", sa.Integer()))
        op.add_column("account", sa.Column("plan", sa.Text()))
        """,
        """
        with op.get_context().autocommit_block():
            op.add_column("account", sa.Column("plan", sa.Text()))
            op.add_column("book", sa.Column("plan", sa.Text()))
        """,
        """
        op.add_column("account", sa.Column("plan", sa.Text()))
        op.execute("COMMENT ON TABLE book IS 'works'")
        """,
    ],
)
def test_one_table_or_tables_that_do_not_meet_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_any_second_table_is_flagged_where_nothing_ends_the_wait() -> None:
    body = """
    op.add_column("account", sa.Column("plan", sa.Text()))
    op.add_column("shelf", sa.Column("plan", sa.Text()))
    """
    assert_flags(RULE, body, "postgresql:15", lock_timeout=False)


def test_message_in_full() -> None:
    body = """
    op.add_column("account", sa.Column("plan", sa.Text()))
    op.add_column("book", sa.Column("plan", sa.Text()))
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "Code that uses book and then account in one transaction deadlocks with this revision, which has "
        "locked account in line 9 and now wants book: one of the two fails, and everybody waits until then."
    )
    assert finding.instead == ("Change book in a revision of its own, after r1.")
