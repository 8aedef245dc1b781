"""Revision files that contradict each other, or fail."""

from __future__ import annotations

from pathlib import Path

import flask_migrate
import pytest

from tests.databases.servers import Database
from tests.schema.broken.cases import (
    FIRST,
    SECOND,
    TWO_HEADS,
    Case,
    Claims,
    MakeShop,
    adds,
    check,
    does,
    edits,
    removes,
    runs,
    shown,
    sql,
    writes,
)
from tests.schema.shop import Shop

HISTORY = [
    Case(
        "syntax error in a revision",
        edits(SECOND, "def upgrade():", "def upgrade()"),
        "upgrade",
        4,
        "migrations/versions/0002_add_author.py:16 is not valid Python: expected ':'.",
        "Correct that line; every revision file is read by every command.",
    ),
    Case(
        "revision imports what is not there",
        edits(SECOND, "import sqlalchemy as sa", "import sqlalchemy as sa\nimport shop_of_yesterday"),
        "upgrade",
        4,
        "The revision file migrations/versions/0002_add_author.py:8 cannot be loaded: "
        "ModuleNotFoundError: No module named 'shop_of_yesterday'. "
        "A revision should import only alembic, sqlalchemy and the standard library",
        "Correct that line, then type `flask db upgrade` again.",
    ),
    Case(
        "revision raises while it is loaded",
        edits(SECOND, '\nrevision = "', "\nassert 1 == 2, 'never'\nrevision = \""),
        "history",
        4,
        "The revision file migrations/versions/0002_add_author.py:10 cannot be loaded: AssertionError: never.",
        "Correct that line",
    ),
    Case(
        "parent is missing",
        removes(FIRST),
        "heads",
        4,
        "Revision 'aaaa2222' (migrations/versions/0002_add_author.py:11) follows 'aaaa1111', "
        "but no file has that id.",
        "Get the file of 'aaaa1111' back (`git log --all -S aaaa1111 --oneline` finds where it went)",
    ),
    Case(
        "revisions in a circle",
        edits(FIRST, "down_revision = None", "down_revision = 'aaaa2222'"),
        "heads",
        4,
        "The revisions follow each other in a circle: 'aaaa1111' → 'aaaa2222' → 'aaaa1111' "
        "(migrations/versions/0001_create_book.py:11).",
        "Correct the `down_revision` of the one that should come first.",
    ),
    Case(
        "copied revision",
        adds("aaaa1111", None, name="0003_copy"),
        "current",
        4,
        "Revision 'aaaa1111' exists twice: migrations/versions/0001_create_book.py:10 and "
        "migrations/versions/0003_copy.py:5.",
        "Delete the file that is the copy, or give it an id of its own in `revision`.",
    ),
    Case(
        "stray file",
        writes("migrations/versions/notes.py", "# to do\n"),
        "upgrade",
        4,
        "migrations/versions/notes.py:1 is in the versions folder but sets no `revision`.",
        "Move the file out of the folder, or give it `revision` and `down_revision`.",
    ),
    Case(
        "two heads and upgrade",
        TWO_HEADS,
        "upgrade",
        4,
        "The history has more than one head: 'bbbb1111' and 'cccc1111'. "
        "The command needs one, and cannot tell which.",
        'Type `flask db merge -m "merge branches"` to join them, '
        "or `flask db upgrade heads` to take all of them.",
    ),
    Case(
        "two heads and migrate",
        does(
            TWO_HEADS,
            runs("upgrade", "heads"),
            edits("main.py", "author =", "price = db.Column(db.Integer)\n    author ="),
        ),
        "migrate -m price",
        4,
        "The history has more than one head: 'bbbb1111' and 'cccc1111'.",
        'Type `flask db merge -m "merge branches"` to join them.',
    ),
]

STEPS = [
    Case(
        "revision raises",
        does(
            runs("upgrade", "aaaa1111"),
            edits(SECOND, "    op.add_column", "    raise LookupError('no luck')\n#"),
        ),
        "upgrade",
        1,
        "upgrade() of revision 'aaaa2222' (add author) failed at migrations/versions/0002_add_author.py:17: "
        "LookupError: no luck.",
        "Correct the file, then type `flask db upgrade` again.",
    ),
    Case(
        "downgrade raises",
        does(
            runs("upgrade"),
            edits(SECOND, "    with op.batch", "    raise NotImplementedError\n    with op.batch"),
        ),
        "downgrade",
        1,
        "downgrade() of revision 'aaaa2222' (add author) failed at "
        "migrations/versions/0002_add_author.py:21: NotImplementedError: no message.",
        "Correct the file, then type `flask db downgrade` again.",
    ),
    Case(
        "SQL error in a revision",
        does(runs("upgrade"), adds("bbbb1111", "aaaa2222", "op.execute('DELETE FROM nowhere')")),
        "upgrade",
        1,
        "upgrade() of revision 'bbbb1111' (bbbb1111) failed at migrations/versions/bbbb1111.py:8: "
        "SQLite says: no such table: nowhere. The statement was: DELETE FROM nowhere.",
        "Correct the file, then type `flask db upgrade` again.",
    ),
    Case(
        "table exists already",
        sql("CREATE TABLE book (id INTEGER PRIMARY KEY, title VARCHAR(100) NOT NULL)"),
        "upgrade",
        1,
        "upgrade() of revision 'aaaa1111' (create book) failed at "
        "migrations/versions/0001_create_book.py:17: SQLite says: table book already exists.",
        "type `flask db stamp aaaa1111` to say so; otherwise remove it and type `flask db upgrade` again.",
    ),
]


@pytest.mark.parametrize("case", [*HISTORY, *STEPS], ids=lambda case: case.name)
def test_broken_history_is_explained_once_and_left_alone(shop: Shop, case: Case, claims: Claims) -> None:
    case.breaks(shop)
    check(shop, case)
    assert all(len(claim) == 1 for claim in claims)


def test_revision_that_fails_half_way_says_what_is_applied(make_shop: MakeShop, database: Database) -> None:
    shop = make_shop(database.url)
    shop.revision(
        "bbbb1111",
        "aaaa2222",
        "op.create_table('shelf', sa.Column('id', sa.Integer)); op.execute('DELETE FROM nowhere')",
    )
    shop.revision("cccc1111", "bbbb1111")
    result = shop.db("upgrade")
    text = shown(result)
    assert result.exit_code == 1
    assert "upgrade() of revision 'bbbb1111' (bbbb1111) failed at migrations/versions/bbbb1111.py:8:" in text
    assert "The statement was: DELETE FROM nowhere." in text
    assert "revision 'aaaa2222'" in text
    assert shop.sql("SELECT version_num FROM alembic_version") == [("aaaa2222",)]
    kept = {
        "sqlite": "Everything that 'bbbb1111' had done was rolled back.",
        "postgresql": "Everything that 'bbbb1111' had done was rolled back.",
        "mariadb": "MariaDB cannot undo a schema change: what 'bbbb1111' did before that line is there.",
    }
    assert kept[database.engine] in text
    tables = shop.state()[1]
    assert tables is not None
    assert ("shelf" in tables) == (database.engine == "mariadb")


def test_failure_under_an_old_env_py_says_what_was_rolled_back(
    make_shop: MakeShop, database: Database
) -> None:
    shop = make_shop(database.url)
    old = Path(flask_migrate.__file__).parent / "templates" / "flask" / "env.py"
    shop.write("migrations/env.py", old.read_text(encoding="utf-8"))
    shop.revision(
        "bbbb1111", "aaaa2222", "op.create_table('shelf', sa.Column('id', sa.Integer)); op.drop_table('no')"
    )
    text = shown(shop.db("upgrade"))
    tables = shop.state()[1]
    assert tables is not None
    assert ("shelf" in tables) == (database.engine == "mariadb")
    assert ("was rolled back" in text) == (database.engine != "mariadb")


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_revision_that_commits_by_itself_is_not_said_to_be_rolled_back(
    make_shop: MakeShop, database: Database
) -> None:
    shop = make_shop(database.url)
    kept = (
        "op.create_table('shelf', sa.Column('id', sa.Integer)); op.get_bind().commit(); op.drop_table('no')"
    )
    shop.revision("bbbb1111", "aaaa2222", kept)
    text = shown(shop.db("upgrade"))
    assert "upgrade() of revision 'bbbb1111' (bbbb1111) failed at" in text
    assert "rolled back" not in text


def test_statement_before_configure_in_env_py_is_no_success(make_shop: MakeShop, database: Database) -> None:
    shop = make_shop(database.url)
    shop.succeed("upgrade", "aaaa1111")
    shop.write(
        "migrations/env.py",
        "from alembic import context\n"
        "from flask import current_app\n"
        "db = current_app.extensions['migrate'].db\n"
        "with db.engine.connect() as connection:\n"
        "    connection.exec_driver_sql('SELECT 1')\n"
        "    context.configure(connection=connection, target_metadata=db.metadata)\n"
        "    with context.begin_transaction():\n"
        "        context.run_migrations()\n",
    )
    result = shop.db("upgrade")
    assert (
        "The revisions ran, but the database stands at revision 'aaaa1111': what they did was not kept. "
        "It should stand at revision 'aaaa2222'." in shown(result)
    )
    assert "Move it behind `context.begin_transaction()`, or commit it." in shown(result)
    assert result.exit_code == 1


@pytest.mark.parametrize("engine_name", ["postgresql", "mariadb"], indirect=True)
def test_id_that_the_version_table_cannot_hold_is_refused_before_it_runs(
    make_shop: MakeShop, database: Database
) -> None:
    shop = make_shop(database.url)
    long_id = "d" * 33
    shop.revision(long_id, "aaaa2222", "op.create_table('shelf', sa.Column('id', sa.Integer))")
    result = shop.db("upgrade")
    assert (
        f"The id of revision '{long_id}' has 33 characters, and the version table 'alembic_version' holds 32. "
        "Nothing was run." in shown(result)
    )
    assert "Shorten `revision` in its file" in shown(result)
    assert result.exit_code == 4
    tables = shop.state()[1]
    assert tables is not None
    assert "book" not in tables
