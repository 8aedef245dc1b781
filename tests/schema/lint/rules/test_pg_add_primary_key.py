from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-add-primary-key"


@pytest.mark.parametrize(
    "body",
    [
        """
        op.drop_constraint("shelf_pkey", "shelf", type_="primary")
        op.create_primary_key("pk_shelf", "shelf", ["id"])
        """,
        'op.create_primary_key("pk", "elsewhere", ["id"])',
        'op.execute("ALTER TABLE elsewhere ADD CONSTRAINT pk PRIMARY KEY (id)")',
        'op.execute("ALTER TABLE elsewhere ADD PRIMARY KEY (a, b)")',
    ],
)
def test_key_that_builds_its_index_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        op.create_table("tag", sa.Column("id", sa.Integer()))
        op.create_primary_key("pk_tag", "tag", ["id"])
        """,
        """
        with op.get_context().autocommit_block():
            op.create_index("pk_shelf", "shelf", ["id"], unique=True, postgresql_concurrently=True)
        op.drop_constraint("shelf_pkey", "shelf", type_="primary")
        op.execute("ALTER TABLE shelf ADD CONSTRAINT pk_shelf PRIMARY KEY USING INDEX pk_shelf")
        """,
        'op.create_table("tag", sa.Column("id", sa.Integer(), primary_key=True))',
    ],
)
def test_key_that_builds_none_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_nullable_column_is_proven_first() -> None:
    body = """
    op.drop_constraint("shelf_pkey", "shelf", type_="primary")
    op.create_primary_key("pk_shelf", "shelf", ["label"])
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "Adding the primary key of shelf blocks every read and write of shelf until its index is built and label has "
        "been searched for NULL."
    )
    assert "VALIDATE CONSTRAINT ck_shelf_label_not_null" in (finding.instead or "")


def test_message_in_full() -> None:
    body = """
    op.drop_constraint("shelf_pkey", "shelf", type_="primary")
    op.create_primary_key("pk_shelf", "shelf", ["id"])
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "Adding the primary key of shelf blocks every read and write of shelf until its index is built."
    )
    assert finding.instead == (
        "Build the unique index concurrently, and let the key take it over:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.create_index('pk_shelf', 'shelf', ['id'], unique=True, postgresql_concurrently=True)\n"
        '    op.execute("ALTER TABLE shelf ADD CONSTRAINT pk_shelf PRIMARY KEY USING INDEX pk_shelf")'
    )
