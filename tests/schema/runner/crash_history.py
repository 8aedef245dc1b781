"""A history that uses every kind of operation, for the tests that kill its runner at each of its steps.

The first revision builds tables with rows; the second one changes them in every way that the engine has, in the form
that a person writes for it.
"""

from __future__ import annotations

from tests.schema.conftest import Project

BASE = """
    op.create_table("author", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(40)))
    book = op.create_table("book", sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("title", sa.String(40), nullable=False), sa.Column("author_id", sa.Integer()),
        sa.Column("pages", sa.Integer()), sa.Column("old", sa.String(10)), sa.Column("isbn", sa.String(20)),
        sa.UniqueConstraint("isbn", name="uq_book_isbn"))
    op.create_table("shelf", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("note", sa.String(9)))
    op.create_index("ix_shelf_note", "shelf", ["note"])
    op.execute("INSERT INTO shelf (id) VALUES (11), (12)")
    op.create_table("gone", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_index("ix_book_old", "book", ["old"])
    op.execute("INSERT INTO author (id, name) VALUES (1, 'one'), (2, 'two')")
    op.bulk_insert(book, [{"id": n, "title": f"t{n}", "author_id": n % 2 + 1, "pages": n, "old": "x", "isbn": f"i{n}"}
        for n in range(1, 21)])
"""

_ROWS = """
    op.execute("UPDATE book SET pages = pages + 1000 WHERE id <= 10")
"""

_LAST_ROWS = """
    op.bulk_insert(sa.table("shelf", sa.column("id")), [{"id": 1}, {"id": 2}])
    op.execute("INSERT INTO author (id, name) SELECT id + 100, name FROM author")
    op.execute("UPDATE book SET pages = pages + 10")
"""

_PLAIN = """
    op.create_table("label", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("text", sa.String(20)))
    op.add_column("book", sa.Column("shelf_id", sa.Integer()))
    op.alter_column("book", "title", existing_type=sa.String(40), type_=sa.String(80), existing_nullable=False)
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
"""

_POSTGRESQL = (
    _ROWS
    + """
    op.execute("CREATE TYPE mood AS ENUM ('sad', 'glad')")
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE mood ADD VALUE 'mad'")
        op.create_index("ix_book_title", "book", ["title"], postgresql_concurrently=True)
        op.execute("UPDATE book SET pages = pages + 100")
        op.create_index("uq_book_isbn_2", "book", ["isbn"], unique=True, postgresql_concurrently=True)
    """
    + _PLAIN.strip()
    + """
    op.execute("ALTER TABLE book ADD CONSTRAINT ck_isbn CHECK (isbn <> '') NOT VALID")
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE book VALIDATE CONSTRAINT ck_isbn")
        op.execute("ALTER TABLE book ADD CONSTRAINT uq_isbn UNIQUE USING INDEX uq_book_isbn_2")
        op.drop_index("ix_book_title", table_name="book", postgresql_concurrently=True)
"""
    + _LAST_ROWS
)

_MARIADB = (
    _ROWS
    + """
    op.create_index("ix_book_title", "book", ["title"])
    """
    + _PLAIN.strip()
    + """
    with op.batch_alter_table("book") as batch:
        batch.add_column(sa.Column("note", sa.String(10)))
        batch.create_index("ix_book_note", ["note"])
    with op.batch_alter_table("shelf", recreate="always") as batch:
        batch.add_column(sa.Column("place", sa.String(10), server_default="100%"))
    op.execute("ALTER TABLE book ADD COLUMN mood ENUM('sad', 'glad'), ADD INDEX ix_book_mood (mood)")
"""
    + _LAST_ROWS
)

_SQLITE = (
    _ROWS
    + """
    op.create_table("label", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_index("ix_book_title", "book", ["title"])
    with op.batch_alter_table("book") as batch:
        batch.add_column(sa.Column("shelf_id", sa.Integer()))
        batch.alter_column("title", existing_type=sa.String(40), type_=sa.String(80), existing_nullable=False)
        batch.alter_column("pages", existing_type=sa.Integer(), nullable=False, server_default="7")
        batch.create_unique_constraint("uq_book_title", ["title"])
        batch.create_check_constraint("ck_book_pages", "pages > 0")
        batch.create_foreign_key("fk_book_author", "author", ["author_id"], ["id"])
        batch.drop_constraint("uq_book_isbn", type_="unique")
        batch.drop_index("ix_book_old")
        batch.drop_column("old")
    op.execute("ALTER TABLE author RENAME COLUMN name TO full_name")
    with op.get_context().autocommit_block():
        op.execute("UPDATE book SET pages = pages + 100")
        op.create_index("ix_author_name", "author", ["full_name"])
    op.rename_table("shelf", "shelves")
    op.rename_table("shelves", "shelf")
    op.drop_table("gone")
"""
    + _LAST_ROWS.replace(
        "INSERT INTO author (id, name) SELECT id + 100, name",
        "INSERT INTO author (id, full_name) SELECT id + 100, full_name",
    )
)

CHANGES = {
    "sqlite": _SQLITE,
    "postgresql": _POSTGRESQL.replace(
        "(id, name) SELECT id + 100, name", "(id, full_name) SELECT id + 100, full_name"
    ),
    "mariadb": _MARIADB.replace(
        "(id, name) SELECT id + 100, name", "(id, full_name) SELECT id + 100, full_name"
    ),
}


def write(project: Project) -> None:
    """Write the revisions into a project."""
    project.revision("aaa", upgrade=BASE.strip())
    project.revision("bbb", "aaa", upgrade=CHANGES[project.database.engine].strip())
    project.revision(
        "ccc", "bbb", upgrade='op.create_table("last", sa.Column("id", sa.Integer(), primary_key=True))'
    )
