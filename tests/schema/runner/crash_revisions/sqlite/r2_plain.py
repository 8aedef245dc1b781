"""What SQLite changes in place, and what takes a rebuild of the table."""

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
        op.create_table(
            "label", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("text", sa.String(20))
        )
        op.create_index("ix_book_title", "book", ["title"])
        op.execute("UPDATE book SET pages = pages + 100")
        with op.batch_alter_table("book") as batch:
            batch.add_column(sa.Column("shelf_id", sa.Integer()))
            batch.alter_column(
                "title", existing_type=sa.String(40), type_=sa.String(80), existing_nullable=False
            )
            batch.alter_column("pages", existing_type=sa.Integer(), nullable=False, server_default="7")
            batch.create_unique_constraint("uq_book_title", ["title"])
            batch.create_check_constraint("ck_book_pages", "pages > 0")
            batch.create_foreign_key("fk_book_author", "author", ["author_id"], ["id"])
            batch.drop_constraint("uq_book_isbn", type_="unique")
            batch.drop_index("ix_book_old")
            batch.drop_column("old")
        op.execute("ALTER TABLE author RENAME COLUMN name TO full_name")
        op.rename_table("shelf", "shelves")
        op.rename_table("shelves", "shelf")
        op.drop_table("gone")
    op.bulk_insert(sa.table("shelf", sa.column("id")), [{"id": 1}, {"id": 2}])
    op.execute("INSERT INTO author (id, full_name) SELECT id + 100, full_name FROM author")
    op.execute("UPDATE book SET pages = pages + 10")


def downgrade():
    op.execute("UPDATE book SET pages = pages - 10")
    op.execute("DELETE FROM author WHERE id > 100")
    with block():
        op.execute("DELETE FROM shelf WHERE id < 10")
        op.create_table("gone", sa.Column("id", sa.Integer(), primary_key=True))
        op.execute("ALTER TABLE author RENAME COLUMN full_name TO name")
        with op.batch_alter_table("book") as batch:
            batch.drop_constraint("fk_book_author", type_="foreignkey")
            batch.drop_constraint("ck_book_pages", type_="check")
            batch.drop_constraint("uq_book_title", type_="unique")
            batch.create_unique_constraint("uq_book_isbn", ["isbn"])
            batch.add_column(sa.Column("old", sa.String(10), server_default="x"))
            batch.alter_column("pages", existing_type=sa.Integer(), nullable=True, server_default=None)
            batch.alter_column(
                "title", existing_type=sa.String(80), type_=sa.String(40), existing_nullable=False
            )
            batch.drop_column("shelf_id")
        op.create_index("ix_book_old", "book", ["old"])
        op.execute("UPDATE book SET pages = pages - 100")
        op.drop_index("ix_book_title", table_name="book")
        op.drop_table("label")
