from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-drop-primary-key"


@pytest.mark.parametrize(
    "body",
    [
        'op.drop_constraint("shelf_pkey", "shelf", type_="primary")',
        'op.execute("ALTER TABLE shelf DROP CONSTRAINT shelf_pkey")',
        'op.execute("ALTER TABLE elsewhere DROP CONSTRAINT elsewhere_pkey")',
        """
        with op.get_context().autocommit_block():
            op.drop_constraint("shelf_pkey", "shelf", type_="primary")
        op.create_primary_key("pk_shelf", "shelf", ["id"])
        """,
        """
        op.drop_constraint("account_pkey", "account", type_="primary")
        op.execute("ALTER TABLE account ADD PRIMARY KEY USING INDEX ready")
        """,
    ],
)
def test_key_that_goes_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        op.drop_constraint("shelf_pkey", "shelf", type_="primary")
        op.create_primary_key("pk_shelf", "shelf", ["id"])
        """,
        """
        with op.get_context().autocommit_block():
            op.create_index("pk", "shelf", ["id"], unique=True, postgresql_concurrently=True)
        op.drop_constraint("shelf_pkey", "shelf", type_="primary")
        op.execute("ALTER TABLE shelf ADD CONSTRAINT pk PRIMARY KEY USING INDEX pk")
        """,
        """
        op.drop_constraint("shelf_pkey", "shelf", type_="primary")
        op.drop_table("shelf")
        """,
        'op.drop_constraint("uq_account_email", "account", type_="unique")',
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("account_id", sa.Integer()))
        op.drop_constraint("tag_pkey", "tag", type_="primary")
        """,
        """
        op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")
        op.drop_constraint("account_pkey", "account", type_="primary")
        op.create_primary_key("pk_account", "account", ["id"])
        """,
    ],
)
def test_key_that_is_replaced_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_key_that_others_refer_to_fails() -> None:
    body = """
    op.drop_constraint("account_pkey", "account", type_="primary")
    op.create_primary_key("pk_account", "account", ["id"])
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == "The revision fails: foreign keys of book refer to the primary key of account."


def test_message_in_full() -> None:
    finding = assert_flags(
        RULE, 'op.drop_constraint("shelf_pkey", "shelf", type_="primary")', "postgresql:15"
    )
    assert finding.message == (
        "Without its primary key shelf takes duplicates, ON CONFLICT on the key fails, and logical replication refuses "
        "every UPDATE and DELETE."
    )
    assert finding.instead == (
        "Build the index of the new key first, then change keys within one transaction:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.create_index("pk_shelf", "shelf", ["id"], unique=True, postgresql_concurrently=True)\n'
        '    op.drop_constraint("shelf_pkey", "shelf", type_="primary")\n'
        '    op.execute("ALTER TABLE shelf ADD CONSTRAINT pk_shelf PRIMARY KEY USING INDEX pk_shelf")'
    )
