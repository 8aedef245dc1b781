"""The sequences that change a constraint without stopping anybody: no rule has anything to say about them."""

from __future__ import annotations

import pytest

from tests.schema.lint.verbs import judge

VALIDATE = """
with op.get_context().autocommit_block():
    op.execute("ALTER TABLE {0} VALIDATE CONSTRAINT {1}")
"""
UNIQUE_INDEX = """
with op.get_context().autocommit_block():
    op.create_index("{1}", "{0}", ["{2}"], unique=True, postgresql_concurrently=True)
"""
CHECK = 'op.create_check_constraint("ck_age", "account", "age >= 0", postgresql_not_valid=True)'
KEY = 'op.create_foreign_key("fk_x", "book", "account", ["account_id"], ["id"], postgresql_not_valid=True)'
NOT_NULL = 'op.create_check_constraint("ck_name", "account", "name IS NOT NULL", postgresql_not_valid=True)'
SET_NOT_NULL = """
op.alter_column("account", "name", existing_type=sa.String(50), nullable=False)
op.drop_constraint("ck_name", "account", type_="check")
"""
SEQUENCES = {
    "check, validated in the same revision": [CHECK + VALIDATE.format("account", "ck_age")],
    "check, validated in the next revision": [
        CHECK,
        'op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")',
    ],
    "check in SQL": [
        'op.execute("ALTER TABLE account ADD CONSTRAINT ck_age CHECK (age >= 0) NOT VALID")',
        'op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_age")',
    ],
    "foreign key, validated in the same revision": [KEY + VALIDATE.format("book", "fk_x")],
    "foreign key, validated in the next revision": [
        KEY,
        'op.execute("ALTER TABLE book VALIDATE CONSTRAINT fk_x")',
    ],
    "not null in one revision": [NOT_NULL + VALIDATE.format("account", "ck_name") + SET_NOT_NULL],
    "not null in three revisions": [
        NOT_NULL,
        'op.execute("ALTER TABLE account VALIDATE CONSTRAINT ck_name")',
        SET_NOT_NULL,
    ],
    "unique constraint": [
        UNIQUE_INDEX.format("account", "uq_name", "name")
        + 'op.execute("ALTER TABLE account ADD CONSTRAINT uq_name UNIQUE USING INDEX uq_name")'
    ],
    "unique constraint in two revisions": [
        UNIQUE_INDEX.format("account", "uq_name", "name"),
        'op.execute("ALTER TABLE account ADD CONSTRAINT uq_name UNIQUE USING INDEX uq_name")',
    ],
    "primary key": [
        UNIQUE_INDEX.format("shelf", "pk_shelf", "id")
        + 'op.drop_constraint("shelf_pkey", "shelf", type_="primary")\n'
        + 'op.execute("ALTER TABLE shelf ADD CONSTRAINT pk_shelf PRIMARY KEY USING INDEX pk_shelf")'
    ],
    "new table with keys to two others": [
        """
        op.create_table(
            "lending",
            sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id"), primary_key=True),
            sa.Column("book_id", sa.Integer(), sa.ForeignKey("book.id"), primary_key=True),
            sa.Column("note", sa.Text(), nullable=False),
            sa.UniqueConstraint("note", name="uq_lending_note"),
            sa.CheckConstraint("note <> ''", name="ck_lending_note"),
        )
        op.create_index("ix_lending_book_id", "lending", ["book_id"])
        """
    ],
    "constraints of a new table, one by one": [
        """
        op.create_table("tag", sa.Column("id", sa.Integer()), sa.Column("account_id", sa.Integer()))
        op.create_primary_key("pk_tag", "tag", ["id"])
        op.create_foreign_key("fk_tag", "tag", "account", ["account_id"], ["id"])
        op.create_check_constraint("ck_tag", "tag", "id > 0")
        op.create_unique_constraint("uq_tag", "tag", ["account_id"])
        op.alter_column("tag", "account_id", existing_type=sa.Integer(), nullable=False)
        """
    ],
}


@pytest.mark.parametrize("revisions", SEQUENCES.values(), ids=SEQUENCES)
@pytest.mark.parametrize("server", ["postgresql:13", "postgresql:15", "postgresql:18"])
def test_no_rule_speaks(revisions: list[str], server: str) -> None:
    assert [(f.rule, f.message) for f in judge(revisions, server)] == []
