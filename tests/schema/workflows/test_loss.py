"""What a downgrade deletes, by kind of statement; all on a real database of each engine."""

from __future__ import annotations

from collections.abc import Callable

import flask_migrate
import pytest

from app import schema
from app.schema.core.loss import Amount, Certainty, Loss, together
from app.schema.workflows.downgrade_gate import WouldLoseData
from tests.databases.servers import Database
from tests.schema import old_env
from tests.schema.conftest import Project, create

BOOK = (
    'op.create_table("book", sa.Column("id", sa.Integer(), primary_key=True), '
    'sa.Column("title", sa.String(200)), sa.Column("pages", sa.BigInteger()))'
)
ROWS = "INSERT INTO book (id, title, pages) VALUES (1, 'short', 1), (2, 'rather a long one', 70000), (3, NULL, NULL)"


@pytest.fixture
def losses(make_project: Callable[..., Project], database: Database) -> Callable[..., list[str]]:
    """Return a function from the body of `downgrade()` to what it would delete from a table of three books."""

    def find(downgrade: str, *rows: str) -> list[str]:
        project = make_project(database, SCHEMA_PROTECTED=True)
        project.revision("aaa", upgrade=BOOK)
        project.revision("bbb", "aaa", upgrade=create("other"), downgrade=downgrade)
        project.flask("db", "upgrade")
        for sql in (ROWS, *rows):
            project.rows(sql)
        with project.app.app_context():
            try:
                schema.downgrade()
            except WouldLoseData as refused:
                assert project.version() == ["bbb"]
                return [str(loss) for loss in refused.ways[0].losses]
        return []

    return find


BATCH = 'with op.batch_alter_table("book") as book: '


@pytest.mark.parametrize(
    ("downgrade", "lost"),
    [
        ('op.drop_table("book")', ["3 rows of book"]),
        ('op.execute("DROP TABLE book")', ["3 rows of book"]),
        ('op.drop_table("other")', []),
        (BATCH + 'book.drop_column("title")', ["2 values of book.title"]),
        ('op.execute("ALTER TABLE book DROP COLUMN title")', ["2 values of book.title"]),
        ('op.execute("DELETE FROM book")', ["3 rows of book"]),
        ('op.execute("DELETE FROM book WHERE pages > 5")', ["some of 3 rows of book"]),
        ('op.execute("DELETE FROM other")', []),
        ("op.execute(\"UPDATE book SET title = 'x'\")", []),
        ('op.create_index("by_title", "book", ["title"])', []),
        (
            BATCH + 'book.drop_column("title"); book.drop_column("pages")',
            ["2 values of book.title", "2 values of book.pages"],
        ),
        ('op.execute("DELETE FROM book"); op.drop_table("book")', ["3 rows of book"]),
        # Names that change on the way.
        ('op.rename_table("book", "volume"); op.drop_table("volume")', ["3 rows of book"]),
        (
            'op.rename_table("book", "volume"); op.drop_column("volume", "title")',
            ["2 values of book.title"],
        ),
        (
            BATCH + 'book.alter_column("title", new_column_name="name", existing_type=sa.String(200))\n'
            '    with op.batch_alter_table("book") as book: book.drop_column("name")',
            ["2 values of book.title"],
        ),
        # What is made on the way holds nothing yet.
        (f'{create("passing")}; op.drop_table("passing")', []),
        (
            'op.add_column("book", sa.Column("more", sa.Integer())); op.drop_column("book", "more")',
            [],
        ),
        ('op.execute("DROP TABLE IF EXISTS nowhere")', []),
    ],
)  # fmt: skip
def test_statement_deletes(losses: Callable[..., list[str]], downgrade: str, lost: list[str]) -> None:
    assert losses(downgrade) == lost


@pytest.mark.parametrize("engine_name", ["postgresql", "mariadb"], indirect=True)
@pytest.mark.parametrize(
    ("downgrade", "lost"),
    [
        ('op.execute("TRUNCATE TABLE book")', ["3 rows of book"]),
        (
            'op.alter_column("book", "title", type_=sa.String(10), existing_type=sa.String(200))',
            ["1 value of book.title that may not fit into VARCHAR(10)"],
        ),
        ('op.alter_column("book", "title", type_=sa.String(20), existing_type=sa.String(200))', []),
        ('op.alter_column("book", "title", type_=sa.String(300), existing_type=sa.String(200))', []),
        (
            'op.alter_column("book", "pages", type_=sa.SmallInteger(), existing_type=sa.BigInteger())',
            ["1 value of book.pages that may not fit into SMALLINT"],
        ),
        ('op.alter_column("book", "pages", type_=sa.Integer(), existing_type=sa.BigInteger())', []),
        (
            'op.alter_column("book", "title", type_=sa.Integer(), existing_type=sa.Text())',
            ["some of 2 values of book.title that may not fit into INTEGER"],
        ),
    ],
)
def test_narrowing_changes_what_does_not_fit(
    losses: Callable[..., list[str]], downgrade: str, lost: list[str]
) -> None:
    assert losses(downgrade) == lost


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_sqlite_limits_neither_texts_nor_whole_numbers(losses: Callable[..., list[str]]) -> None:
    shorter = (
        'book.alter_column("title", type_=sa.String(3)); book.alter_column("pages", type_=sa.SmallInteger())'
    )
    assert losses(BATCH + shorter) == []


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_sqlite_text_as_number_is_a_loss(losses: Callable[..., list[str]]) -> None:
    found = losses(BATCH + 'book.alter_column("title", type_=sa.Integer())')
    assert found == ["some of 2 values of book.title that may not fit into INTEGER"]


@pytest.mark.leaks("logging", reason="the env.py of Flask-Migrate calls fileConfig")
@pytest.mark.filterwarnings("ignore:'get_engine' is deprecated")
def test_older_env_py_is_guarded_where_alembic_starts_it(
    make_project: Callable[..., Project], database: Database
) -> None:
    project = make_project(database, SCHEMA_PROTECTED=True)
    (project.folder / "env.py").write_text(old_env.GET_ENGINE)
    project.revision("aaa", upgrade=BOOK, downgrade='op.drop_table("book")')
    project.flask("db", "upgrade")
    project.rows(ROWS)
    with project.app.app_context(), pytest.raises(SystemExit):
        flask_migrate.downgrade()
    assert project.version() == ["aaa"]
    assert project.rows("SELECT count(*) FROM book") == [(3,)]
    result = project.flask("db", "downgrade", ok=False)
    assert "deletes 3 rows of book" in result.stderr


def test_revision_that_asks_for_tables_is_answered_from_the_history(losses: Callable[..., list[str]]) -> None:
    guarded = 'sa.inspect(op.get_bind()).has_table("book") and op.drop_table("book")'
    assert losses(guarded) == ["3 rows of book"]


def test_long_list_of_losses_is_cut() -> None:
    some = [Loss(f"t{number}", Amount(number, Certainty.EXACT)) for number in range(1, 8)]
    assert together(some[:1]) == "deletes 1 row of t1"
    assert together(some[:2]) == "deletes 1 row of t1 and 2 rows of t2"
    assert together(some).endswith("4 rows of t4 and what 3 more steps delete")
    assert together(some[:5]).endswith("4 rows of t4 and 5 rows of t5")
