"""Rows that Python reads and writes one by one, between changes of the schema that what it reads depends on."""

from contextlib import nullcontext

import sqlalchemy as sa
from alembic import op

revision = "rows4"
down_revision = "kinds3"
AT_ONCE = False


def block():
    return op.get_context().autocommit_block() if AT_ONCE else nullcontext()


def upgrade():
    bind = op.get_bind()
    with block():
        op.add_column("book", sa.Column("first_word", sa.String(40)))
        op.add_column("book", sa.Column("size", sa.String(10)))
        book = sa.table("book", *(sa.column(it) for it in ("id", "title", "pages", "size", "shelf_id")))
        # All rows, whatever was done before.
        for row in bind.execute(sa.select(book.c.id, book.c.title).order_by(book.c.id)).all():
            bind.execute(
                sa.text("UPDATE book SET first_word = :word WHERE id = :id"),
                {"word": f"{row.title[:2]}%", "id": row.id},
            )
        # Only rows that nobody has written yet, a few at a time.
        while keys := bind.scalars(
            sa.text("SELECT id FROM book WHERE size IS NULL ORDER BY id LIMIT 6")
        ).all():
            bind.execute(
                sa.text("UPDATE book SET size = 'small', pages = pages + 1 WHERE id IN :keys").bindparams(
                    sa.bindparam("keys", expanding=True)
                ),
                {"keys": keys},
            )
        # Literals in the text, and a condition that the statement itself makes false.
        for (key,) in bind.execute(sa.text("SELECT id FROM book WHERE shelf_id IS NULL ORDER BY id")).all():
            if key % 3 == 0:
                op.execute(f"UPDATE book SET shelf_id = 11, pages = pages + 1 WHERE id = {key}")
        # As many as there are, a few at a time.
        some = "SELECT id FROM (SELECT id FROM book WHERE size = 'small' ORDER BY id LIMIT 8) AS few"
        while True:
            done = bind.execute(
                sa.text(f"UPDATE book SET size = 'large', pages = pages + 1 WHERE id IN ({some})")
            )
            if done.rowcount < 8:
                break
        # A key that the database makes.
        reader = op.create_table(
            "reader", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(20))
        )
        for name in ("first", "second"):
            key = bind.execute(reader.insert().values(name=name)).inserted_primary_key[0]
        op.create_index("ix_reader_name", "reader", ["name"])
        op.execute(f"UPDATE book SET title = (SELECT name FROM reader WHERE id = {key}) WHERE id = 1")
        op.drop_table("reader")
        op.create_index("ix_book_size", "book", ["size"])
        # What is read here is gone a moment later.
        op.create_table(
            "tag", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("word", sa.String(40))
        )
        rows = bind.execute(sa.text("SELECT id, first_word FROM book ORDER BY id")).all()
        op.bulk_insert(
            sa.table("tag", sa.column("id"), sa.column("word")), [{"id": it[0], "word": it[1]} for it in rows]
        )
        op.drop_column("book", "first_word")
        op.create_index("ix_tag_word", "tag", ["word"])
    op.execute("UPDATE tag SET word = 'last' WHERE id = 20")


def downgrade():
    bind = op.get_bind()
    with block():
        op.drop_index("ix_tag_word", table_name="tag")
        for key, word in bind.execute(sa.text("SELECT id, word FROM tag ORDER BY id")).all():
            bind.execute(
                sa.text("UPDATE book SET title = :title WHERE id = :id"),
                {"title": f"{word}-{key}", "id": key},
            )
        op.drop_table("tag")
        op.drop_index("ix_book_size", table_name="book")
        op.execute("UPDATE book SET pages = pages - 1")
        op.drop_column("book", "size")
