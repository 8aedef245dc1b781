from __future__ import annotations

import pytest

from tests.schema.lint.verbs import HISTORY, assert_clean, assert_flags

RULE = "pg-index-drop-in-use-by-constraint"
# A unique index that a foreign key points at, and one beside a primary key, which the foreign keys can use instead.
REFERRED = f"""{HISTORY}
op.create_index("uq_shelf_label", "shelf", ["label"], unique=True)
op.create_index("uq_shelf_id", "shelf", ["id"], unique=True)
op.create_table("spine", sa.Column("label", sa.String(40)), sa.Column("shelf_id", sa.Integer()))
op.create_foreign_key("fk_spine", "spine", "shelf", ["label"], ["label"])
op.create_foreign_key("fk_spine_id", "spine", "shelf", ["shelf_id"], ["id"])
"""


@pytest.mark.parametrize(
    "body",
    [
        'op.drop_index("uq_account_email", table_name="account")',
        'op.drop_index("account_pkey")',
        """
        with op.get_context().autocommit_block():
            op.execute("DROP INDEX CONCURRENTLY uq_account_email")
        """,
        'op.execute("DROP INDEX uq_shelf_label")',
    ],
)
def test_index_that_something_stands_on_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15", before=REFERRED)


@pytest.mark.parametrize(
    "body",
    [
        'op.drop_constraint("uq_account_email", "account", type_="unique")',
        'op.drop_index("ix_book_title", table_name="book")',
        'op.drop_index("uq_shelf_id")',
        """
        op.drop_constraint("fk_spine", "spine", type_="foreignkey")
        op.drop_index("uq_shelf_label")
        """,
        'op.drop_index("made_elsewhere")',
    ],
)
def test_index_of_its_own_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15", before=REFERRED)


def test_message_in_full() -> None:
    body = 'op.drop_index("uq_account_email", table_name="account")'
    finding = assert_flags(RULE, body, "postgresql:15", before=REFERRED)
    assert finding.message == (
        "The revision fails: uq_account_email is the index of a unique constraint of account, and "
        "PostgreSQL does not drop it while the constraint is there."
    )
    assert finding.instead == (
        "Drop the constraint; its index goes with it:\n"
        "\n"
        "    op.drop_constraint('uq_account_email', 'account', type_='unique')"
    )


def test_replica_identity_is_a_warning() -> None:
    history = (
        HISTORY
        + """
op.create_index("uq_shelf_label", "shelf", ["label"], unique=True)
op.execute("ALTER TABLE shelf REPLICA IDENTITY USING INDEX uq_shelf_label")
"""
    )
    finding = assert_flags(RULE, 'op.drop_index("uq_shelf_label")', "postgresql:15", before=history)
    assert str(finding.severity) == "warning"
