from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "pg-pk-using-index-nullable"


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.get_context().autocommit_block():
            op.create_index("pk", "shelf", ["label"], unique=True, postgresql_concurrently=True)
        op.drop_constraint("shelf_pkey", "shelf", type_="primary")
        op.execute("ALTER TABLE shelf ADD CONSTRAINT pk PRIMARY KEY USING INDEX pk")
        """,
        """
        op.execute("CREATE UNIQUE INDEX CONCURRENTLY pk ON shelf (id, label)")
        op.drop_constraint("shelf_pkey", "shelf", type_="primary")
        op.execute("ALTER TABLE shelf ADD CONSTRAINT pk PRIMARY KEY USING INDEX pk")
        """,
        """
        with op.get_context().autocommit_block():
            op.create_index("pk", "shelf", ["label"], unique=True, postgresql_concurrently=True)
        op.drop_constraint("shelf_pkey", "shelf", type_="primary")
        op.execute("ALTER TABLE shelf ADD PRIMARY KEY USING INDEX pk")
        """,
        """
        op.execute("ALTER TABLE shelf ADD CONSTRAINT ck CHECK (label IS NOT NULL) NOT VALID")
        with op.get_context().autocommit_block():
            op.create_index("pk", "shelf", ["label"], unique=True, postgresql_concurrently=True)
        op.drop_constraint("shelf_pkey", "shelf", type_="primary")
        op.execute("ALTER TABLE shelf ADD CONSTRAINT pk PRIMARY KEY USING INDEX pk")
        """,
    ],
)
def test_index_on_nullable_columns_is_flagged(body: str) -> None:
    assert_flags(RULE, body, "postgresql:15")


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.get_context().autocommit_block():
            op.create_index("pk", "shelf", ["id"], unique=True, postgresql_concurrently=True)
        op.drop_constraint("shelf_pkey", "shelf", type_="primary")
        op.execute("ALTER TABLE shelf ADD CONSTRAINT pk PRIMARY KEY USING INDEX pk")
        """,
        """
        with op.get_context().autocommit_block():
            op.create_index("uq", "shelf", ["label"], unique=True, postgresql_concurrently=True)
        op.execute("ALTER TABLE shelf ADD CONSTRAINT uq UNIQUE USING INDEX uq")
        """,
        """
        op.execute("ALTER TABLE shelf ADD CONSTRAINT ck CHECK (label IS NOT NULL) NOT VALID")
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE shelf VALIDATE CONSTRAINT ck")
            op.execute("CREATE UNIQUE INDEX CONCURRENTLY pk ON shelf (label)")
        op.drop_constraint("shelf_pkey", "shelf", type_="primary")
        op.execute("ALTER TABLE shelf ADD CONSTRAINT pk PRIMARY KEY USING INDEX pk")
        """,
        'op.create_primary_key("pk", "elsewhere", ["id"])',
    ],
)
def test_other_index_is_clean(body: str) -> None:
    assert_clean(RULE, body, "postgresql:15")


def test_message_in_full() -> None:
    body = """
    with op.get_context().autocommit_block():
        op.create_index("pk", "shelf", ["label"], unique=True, postgresql_concurrently=True)
    op.drop_constraint("shelf_pkey", "shelf", type_="primary")
    op.execute("ALTER TABLE shelf ADD CONSTRAINT pk PRIMARY KEY USING INDEX pk")
    """
    finding = assert_flags(RULE, body, "postgresql:15")
    assert finding.message == (
        "Taking over pk sets NOT NULL on label: every read and write of shelf waits until all its rows have been "
        "searched for NULL."
    )
    assert finding.instead == (
        "Let a CHECK prove it first; the key then reads nothing:\n"
        "\n"
        "    op.create_check_constraint('ck_shelf_label_not_null', 'shelf', 'label IS NOT NULL', "
        "postgresql_not_valid=True)\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.execute("ALTER TABLE shelf VALIDATE CONSTRAINT ck_shelf_label_not_null")\n'
        "    op.alter_column('shelf', 'label',\n"
        "               nullable=False)\n"
        "    op.drop_constraint('ck_shelf_label_not_null', 'shelf', type_='check')\n"
        '    op.execute("ALTER TABLE shelf ADD CONSTRAINT pk PRIMARY KEY USING INDEX pk")'
    )
