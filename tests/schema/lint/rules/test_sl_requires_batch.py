from __future__ import annotations

import pytest

from tests.schema.lint.verbs import assert_clean, assert_flags

RULE = "sl-requires-batch"
ON = "sqlite:3.40"
BODY = 'op.alter_column("shelf", "label", nullable=False, existing_type=sa.String(40))'


@pytest.mark.parametrize(
    "body",
    [
        'op.alter_column("shelf", "label", type_=sa.Text())',
        'op.alter_column("shelf", "label", nullable=False)',
        'op.alter_column("shelf", "label", server_default="x")',
        'op.alter_column("shelf", "label", server_default=None)',
        'op.alter_column("shelf", "label", comment="what is written on it")',
        'op.create_unique_constraint("uq_shelf_label", "shelf", ["label"])',
        'op.create_foreign_key("fk_shelf", "shelf", "book", ["id"], ["id"])',
        'op.create_check_constraint("ck_shelf", "shelf", "id > 0")',
        'op.drop_constraint("ck_book_pages", "book", type_="check")',
        """
        op.add_column("shelf", sa.Column("book_id", sa.Integer(), sa.ForeignKey("book.id",
            name="fk_shelf_book")))
        """,
        'op.execute("ALTER TABLE shelf ADD CONSTRAINT uq_shelf_label UNIQUE (label)")',
        'op.execute("ALTER TABLE book DROP CONSTRAINT ck_book_pages")',
        'op.execute("ALTER TABLE shelf ALTER COLUMN label TYPE TEXT")',
        'op.execute("ALTER TABLE shelf MODIFY label TEXT")',
        """
        op.create_table("tag", sa.Column("id", sa.Integer()))
        op.alter_column("tag", "id", nullable=False)
        """,
    ],
)
def test_change_without_a_batch_block_is_flagged(body: str) -> None:
    assert_flags(RULE, body, ON)


@pytest.mark.parametrize(
    "body",
    [
        """
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        """,
        'op.alter_column("shelf", "label", new_column_name="name")',
        'op.alter_column("shelf", "label", existing_type=sa.String(40))',
        """
        with op.batch_alter_table("shelf") as batch:
            batch.create_unique_constraint("uq_shelf_label", ["label"])
        """,
        'op.create_index("ix_shelf_label", "shelf", ["label"])',
        'op.drop_column("shelf", "label")',
        'op.add_column("shelf", sa.Column("rank", sa.Integer()))',
        """
        op.add_column("shelf", sa.Column("book_id", sa.Integer(), sa.ForeignKey("book.id")),
            inline_references=True)
        """,
        'op.execute("ALTER TABLE shelf ADD COLUMN book_id INTEGER REFERENCES book (id)")',
        'op.execute("ALTER TABLE shelf RENAME COLUMN label TO name")',
        """
        op.create_table("tag", sa.Column("id", sa.Integer(), sa.ForeignKey("book.id")),
            sa.UniqueConstraint("id", name="uq_tag"))
        """,
    ],
)
def test_change_without_a_batch_block_without_harm_is_clean(body: str) -> None:
    assert_clean(RULE, body, ON)


def test_message_in_full() -> None:
    finding = assert_flags(RULE, BODY, ON)
    assert finding.message == (
        "The revision fails: SQLite cannot change shelf.label, other than its name, in place, only rebuild "
        "the whole table."
    )
    assert finding.instead == (
        "Do it in a batch block, which rebuilds the table:\n"
        "\n"
        "    with op.batch_alter_table('shelf') as batch_op:\n"
        "        batch_op.alter_column('label',\n"
        "                   existing_type=sa.String(length=40),\n"
        "                   nullable=False)"
    )


@pytest.mark.parametrize("server", ["postgresql:15", "mariadb:10.11", "mysql:8.4"])
def test_other_engines_are_clean(server: str) -> None:
    assert_clean(RULE, 'op.alter_column("shelf", "label", nullable=False)', server)


def test_newer_server_changes_not_null_in_place() -> None:
    assert_clean(RULE, 'op.alter_column("shelf", "label", nullable=False)', "sqlite:3.53")
    assert_flags(RULE, 'op.alter_column("shelf", "label", type_=sa.Text())', "sqlite:3.53")


def test_fix_is_unsafe_where_the_rebuild_would_cost_rows() -> None:
    finding = assert_flags(RULE, 'op.alter_column("forum", "place", type_=sa.BigInteger())', ON)
    assert finding.fix is not None
    assert not finding.fix.safe
    assert finding.instead == (
        "Do it in a batch block, which rebuilds the table, while foreign keys are off: the rebuild drops the old "
        "table, and the rows that refer to it would go, change or stop it:\n"
        "\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.execute("PRAGMA foreign_keys=OFF")\n'
        "    with op.batch_alter_table('forum') as batch_op:\n"
        "        batch_op.alter_column('place',\n"
        "                   type_=sa.BigInteger())\n"
        "    with op.get_context().autocommit_block():\n"
        '        op.execute("PRAGMA foreign_keys=ON")\n'
        "    # then: PRAGMA foreign_key_check"
    )
