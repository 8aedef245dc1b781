"""What SQLite has besides."""

from contextlib import nullcontext

import sqlalchemy as sa
from alembic import op

revision = "kinds3"
down_revision = "plain2"
AT_ONCE = False


def block():
    return op.get_context().autocommit_block() if AT_ONCE else nullcontext()


def upgrade():
    with block():
        op.create_index("ix_book_partial", "book", ["title"], sqlite_where=sa.text("pages > 5"))
        op.create_index("ix_book_lower", "book", [sa.text("lower(title)")])
        op.create_index("uq_book_isbn_2", "book", ["isbn"], unique=True)
        op.execute("UPDATE book SET pages = pages + 100")
        op.add_column(
            "author",
            sa.Column("initial", sa.String(1), sa.Computed("substr(full_name, 1, 1)", persisted=False)),
        )
        op.add_column("author", sa.Column("born", sa.Date()))
        op.execute("CREATE VIEW books AS SELECT id, title, pages FROM book")
        op.execute(
            "CREATE TRIGGER touched AFTER UPDATE OF pages ON book BEGIN"
            " UPDATE book SET isbn = coalesce(isbn, '') || '.' WHERE id = NEW.id; END"
        )
        op.execute("UPDATE book SET pages = pages + 1 WHERE id % 2 = 0")
        op.create_table(
            "ticket",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("book_id", sa.Integer(), sa.ForeignKey("book.id", ondelete="CASCADE")),
            sqlite_autoincrement=True,
        )
        op.execute("INSERT INTO ticket (book_id) SELECT id FROM book")
        op.execute("DELETE FROM ticket WHERE id > 15")
        op.execute(
            "CREATE TABLE pair (a integer NOT NULL, b integer NOT NULL, PRIMARY KEY (a)) WITHOUT ROWID"
        )
        op.execute("INSERT INTO pair VALUES (1, 2), (3, 4)")
        with op.batch_alter_table("pair", recreate="always") as batch:
            batch.add_column(sa.Column("c", sa.Integer(), server_default="3"))
        op.execute("CREATE TABLE kept AS SELECT id, title FROM book WHERE id < 5")
        op.execute("CREATE VIRTUAL TABLE search USING fts5(title)")
        op.execute("INSERT INTO search SELECT title FROM book")
    with block():
        with op.batch_alter_table("book") as batch:
            batch.alter_column("title", existing_type=sa.String(80), type_=sa.Text(), existing_nullable=False)
        with op.batch_alter_table("ticket", recreate="always") as batch:
            batch.add_column(sa.Column("seat", sa.Integer(), server_default="1"))
            batch.create_index("ix_ticket_seat", ["seat"])
        with op.batch_alter_table("author") as batch:
            batch.alter_column("full_name", existing_type=sa.String(40), new_column_name="whole_name")
        with op.batch_alter_table("author") as batch:
            batch.alter_column("whole_name", existing_type=sa.String(40), new_column_name="full_name")
    op.execute("UPDATE ticket SET seat = id")


def downgrade():
    op.execute("UPDATE book SET pages = pages - 5")
    with block():
        with op.batch_alter_table("ticket") as batch:
            batch.drop_index("ix_ticket_seat")
            batch.drop_column("seat")
        op.execute("DROP TABLE search")
        op.drop_table("kept")
        op.drop_table("pair")
        op.drop_table("ticket")
        op.execute("DROP TRIGGER touched")
        op.execute("DROP VIEW books")
        with op.batch_alter_table("book") as batch:
            batch.alter_column("title", existing_type=sa.Text(), type_=sa.String(80), existing_nullable=False)
        op.execute("ALTER TABLE author DROP COLUMN born")
        with op.batch_alter_table("author") as batch:
            batch.drop_column("initial")
        op.drop_index("uq_book_isbn_2", table_name="book")
        op.drop_index("ix_book_lower", table_name="book")
        op.drop_index("ix_book_partial", table_name="book")
        op.execute("UPDATE book SET pages = pages - 100")
