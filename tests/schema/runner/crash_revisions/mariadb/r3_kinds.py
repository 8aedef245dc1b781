"""What MariaDB has besides."""

from contextlib import nullcontext

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "kinds3"
down_revision = "plain2"
AT_ONCE = False

TRIGGER = """
CREATE {replace}TRIGGER touched BEFORE UPDATE ON book FOR EACH ROW
BEGIN
    SET NEW.isbn = concat(coalesce(NEW.isbn, ''), '{mark}');
END
"""


def block():
    return op.get_context().autocommit_block() if AT_ONCE else nullcontext()


def upgrade():
    with block():
        op.create_index("ix_book_pages", "book", ["pages"])
        op.create_index("ix_book_two", "book", ["title", "pages"], mysql_length={"title": 10})
        op.create_index("uq_book_isbn_2", "book", ["isbn"], unique=True)
        op.create_index("ft_book_title", "book", ["title"], mysql_prefix="FULLTEXT")
        op.execute("UPDATE book SET pages = pages + 100")
        op.execute("ALTER TABLE book RENAME INDEX ix_book_pages TO ix_book_number")
        op.execute("ALTER TABLE book ADD CONSTRAINT ck_isbn CHECK (isbn <> '')")
        op.create_foreign_key("fk_book_shelf", "book", "shelf", ["shelf_id"], ["id"], ondelete="SET NULL")
        op.execute("ALTER TABLE book ADD COLUMN mood ENUM('sad', 'glad'), ADD INDEX ix_book_mood (mood)")
        op.execute("UPDATE book SET mood = 'glad', pages = pages + 3")
        op.alter_column(
            "book", "mood", existing_type=mysql.ENUM("sad", "glad"), type_=mysql.ENUM("sad", "glad", "mad"),
            existing_nullable=True, nullable=False, server_default="mad",
        )  # fmt: skip
        op.execute(
            "ALTER TABLE author CHANGE full_name whole_name varchar(60) COMMENT 'it''s the whole name'"
        )
        op.execute("ALTER TABLE author RENAME COLUMN whole_name TO full_name")
        op.add_column(
            "author", sa.Column("initial", sa.String(1), sa.Computed("left(full_name, 1)", persisted=True))
        )
        op.execute("ALTER TABLE author ADD COLUMN short varchar(3) AS (left(full_name, 3)) VIRTUAL AFTER id")
        op.execute("ALTER TABLE author COMMENT = 'who writes'")
        op.execute("CREATE SEQUENCE ticket START 50 INCREMENT 5")
        op.execute("ALTER SEQUENCE ticket MAXVALUE 5000")
        op.execute("CREATE VIEW books AS SELECT id, title FROM book")
        op.execute("CREATE OR REPLACE VIEW books AS SELECT id, title, pages FROM book")
        op.execute("INSERT INTO shelf (id) VALUES (30)")
        op.execute(
            "CREATE FUNCTION shout(word varchar(10)) RETURNS varchar(20) DETERMINISTIC RETURN upper(word)"
        )
        op.execute(
            "CREATE OR REPLACE FUNCTION shout(word varchar(10)) RETURNS varchar(20) DETERMINISTIC"
            " RETURN concat(upper(word), '!')"
        )
        op.execute("CREATE PROCEDURE nothing() SELECT 1")
        op.execute("DROP PROCEDURE nothing")
        op.execute(TRIGGER.format(replace="", mark=","))
        op.execute(TRIGGER.format(replace="OR REPLACE ", mark="."))
        op.execute("UPDATE book SET pages = pages + 1 WHERE id % 2 = 0")
        op.create_table(
            "pair", sa.Column("a", sa.Integer(), nullable=False), sa.Column("b", sa.Integer(), nullable=False)
        )
        op.create_primary_key("pk_pair", "pair", ["a"])
        op.execute("ALTER TABLE pair DROP PRIMARY KEY, ADD PRIMARY KEY (a, b)")
        op.drop_constraint("PRIMARY", "pair", type_="primary")
        op.create_primary_key("pk_pair", "pair", ["b"])
        op.execute("CREATE TABLE kept AS SELECT id, title FROM book WHERE id < 5")
        op.execute(
            "CREATE TABLE log (at date NOT NULL, line text) PARTITION BY RANGE (year(at))"
            " (PARTITION p1 VALUES LESS THAN (2026), PARTITION p2 VALUES LESS THAN (2027))"
        )
        op.execute("INSERT INTO log VALUES ('2025-01-05', 'a'), ('2026-01-06', 'b')")
        op.execute("ALTER TABLE log ADD PARTITION (PARTITION p3 VALUES LESS THAN (2028))")
        op.execute("ALTER TABLE log DROP PARTITION p1")
        op.execute("ALTER TABLE pair ENGINE = InnoDB, ROW_FORMAT = DYNAMIC")
        op.execute("ALTER TABLE kept CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
        op.execute("RENAME TABLE kept TO kept_2, pair TO pairs")
    with block():
        with op.batch_alter_table("book") as batch:
            batch.add_column(sa.Column("note", sa.String(10)))
            batch.create_index("ix_book_note", ["note"])
        with op.batch_alter_table("kept_2", recreate="always") as batch:
            batch.add_column(sa.Column("place", sa.String(10), server_default="100%"))
            batch.alter_column("title", existing_type=sa.String(80), type_=sa.Text())
            batch.create_index("ix_kept_id", ["id"])
    with op.batch_alter_table("pairs", recreate="always") as batch:
        batch.add_column(sa.Column("c", sa.Integer(), server_default="3"))
    op.execute("TRUNCATE log")
    op.execute("UPDATE book SET note = 'end'")


def downgrade():
    op.execute("UPDATE book SET pages = pages - 5")
    with op.batch_alter_table("pairs", recreate="always") as batch:
        batch.drop_column("c")
    with block():
        with op.batch_alter_table("kept_2", recreate="always") as batch:
            batch.drop_column("place")
        with op.batch_alter_table("book") as batch:
            batch.drop_index("ix_book_note")
            batch.drop_column("note")
        op.execute("RENAME TABLE kept_2 TO kept, pairs TO pair")
        op.drop_table("log")
        op.drop_table("kept")
        op.drop_table("pair")
        op.execute("DROP TRIGGER touched")
        op.execute("DROP FUNCTION shout")
        op.execute("DROP VIEW books")
        op.execute("DELETE FROM shelf WHERE id = 30")
        op.execute("DROP SEQUENCE ticket")
        op.execute("ALTER TABLE author COMMENT = ''")
        op.drop_column("author", "short")
        op.drop_column("author", "initial")
        op.execute("ALTER TABLE author MODIFY full_name varchar(40)")
        op.execute("ALTER TABLE book DROP INDEX ix_book_mood, DROP COLUMN mood")
        op.drop_constraint("fk_book_shelf", "book", type_="foreignkey")
        op.drop_index("fk_book_shelf", table_name="book")
        op.drop_constraint("ck_isbn", "book", type_="check")
        op.drop_index("ft_book_title", table_name="book")
        op.drop_index("uq_book_isbn_2", table_name="book")
        op.drop_index("ix_book_two", table_name="book")
        op.execute("ALTER TABLE book DROP INDEX ix_book_number")
        op.execute("UPDATE book SET pages = pages - 100")
