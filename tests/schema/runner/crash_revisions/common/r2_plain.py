"""What every engine but SQLite changes in place, in the form that a person writes for it."""

from contextlib import nullcontext

import sqlalchemy as sa
from alembic import op

revision = "plain2"
down_revision = "base1"
AT_ONCE = False


def block():
    return op.get_context().autocommit_block() if AT_ONCE else nullcontext()


def upgrade():
    op.execute("UPDATE book SET pages = pages + 1000 WHERE id <= 10")
    with block():
        op.execute("UPDATE book SET pages = pages + 100")
        op.create_table(
            "label", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("text", sa.String(20))
        )
        op.add_column("book", sa.Column("shelf_id", sa.Integer()))
        op.alter_column(
            "book", "title", existing_type=sa.String(40), type_=sa.String(80), existing_nullable=False
        )
        op.alter_column("book", "pages", existing_type=sa.Integer(), nullable=False, server_default="7")
        op.alter_column("author", "name", existing_type=sa.String(40), new_column_name="full_name")
        op.create_unique_constraint("uq_book_title", "book", ["title"])
        op.create_check_constraint("ck_book_pages", "book", "pages > 0")
        op.create_foreign_key("fk_book_author", "book", "author", ["author_id"], ["id"])
        op.drop_constraint("uq_book_isbn", "book", type_="unique")
        op.drop_index("ix_book_old", table_name="book")
        op.drop_column("book", "old")
        op.rename_table("shelf", "shelves")
        op.rename_table("shelves", "shelf")
        op.drop_table("gone")
        op.create_table_comment("label", "what is stuck on a book", existing_comment=None)
        op.alter_column("label", "text", existing_type=sa.String(20), comment="100% of it")
    op.bulk_insert(sa.table("shelf", sa.column("id")), [{"id": 1}, {"id": 2}])
    op.execute("INSERT INTO author (id, full_name) SELECT id + 100, full_name FROM author")
    op.execute("UPDATE book SET pages = pages + 10")


def downgrade():
    op.execute("UPDATE book SET pages = pages - 10")
    op.execute("DELETE FROM author WHERE id > 100")
    with block():
        op.execute("DELETE FROM shelf WHERE id < 10")
        op.alter_column(
            "label", "text", existing_type=sa.String(20), comment=None, existing_comment="100% of it"
        )
        op.drop_table_comment("label", existing_comment="what is stuck on a book")
        op.create_table("gone", sa.Column("id", sa.Integer(), primary_key=True))
        op.add_column("book", sa.Column("old", sa.String(10), server_default="x"))
        op.alter_column("book", "old", existing_type=sa.String(10), server_default=None)
        op.create_index("ix_book_old", "book", ["old"])
        op.create_unique_constraint("uq_book_isbn", "book", ["isbn"])
        op.drop_constraint("fk_book_author", "book", type_="foreignkey")
        op.drop_constraint("ck_book_pages", "book", type_="check")
        op.drop_constraint("uq_book_title", "book", type_="unique")
        op.alter_column("author", "full_name", existing_type=sa.String(40), new_column_name="name")
        op.alter_column("book", "pages", existing_type=sa.Integer(), nullable=True, server_default=None)
        op.alter_column(
            "book", "title", existing_type=sa.String(80), type_=sa.String(40), existing_nullable=False
        )
        op.drop_column("book", "shelf_id")
        op.drop_table("label")
        op.execute("UPDATE book SET pages = pages - 100")
