"""Tables with rows, indexes and a unique constraint."""

from contextlib import nullcontext

import sqlalchemy as sa
from alembic import op

revision = "base1"
down_revision = None
AT_ONCE = False


def block():
    return op.get_context().autocommit_block() if AT_ONCE else nullcontext()


def upgrade():
    with block():
        op.create_table(
            "author", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(40))
        )
        op.execute("INSERT INTO author (id, name) VALUES (1, 'one'), (2, 'two')")
        book = op.create_table(
            "book",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("title", sa.String(40), nullable=False),
            sa.Column("author_id", sa.Integer()),
            sa.Column("pages", sa.Integer()),
            sa.Column("old", sa.String(10)),
            sa.Column("isbn", sa.String(20)),
            sa.UniqueConstraint("isbn", name="uq_book_isbn"),
        )
        op.bulk_insert(
            book,
            [
                {"id": n, "title": f"t{n}", "author_id": n % 2 + 1, "pages": n, "old": "x", "isbn": f"i{n}"}
                for n in range(1, 21)
            ],
        )
        op.create_table(
            "shelf", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("note", sa.String(9))
        )
        op.create_index("ix_shelf_note", "shelf", ["note"])
        op.execute("INSERT INTO shelf (id) VALUES (11), (12)")
        op.create_table("gone", sa.Column("id", sa.Integer(), primary_key=True))
        op.create_index("ix_book_old", "book", ["old"])


def downgrade():
    with block():
        op.drop_index("ix_book_old", table_name="book")
        op.drop_table("gone")
        op.drop_index("ix_shelf_note", table_name="shelf")
        op.drop_table("shelf")
        op.drop_table("book")
        op.drop_table("author")
