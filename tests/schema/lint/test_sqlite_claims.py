"""What the rules about SQLite say happens, on a real SQLite with rows in it: errors, and losses without one."""

from __future__ import annotations

import sqlite3
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from app.schema.scripts.recording.module import load
from tests.schema.lint.verbs import HISTORY, revision_source

ROWS = """
INSERT INTO account (id, email, name) VALUES (1, 'ann@x', '12x');
INSERT INTO book (id, account_id, title) VALUES (1, 1, 'First');
INSERT INTO shelf (id, label) VALUES (1, 'abc'), (2, '2026-01-31');
INSERT INTO forum (id, place) VALUES (1, 5);
INSERT INTO topic (id, forum_id) VALUES (1, 1);
INSERT INTO reply (id, parent_id) VALUES (1, NULL), (2, 1);
"""
REBUILD = 'with op.batch_alter_table("shelf") as batch:\n    batch.alter_column("label", type_=sa.Text())'
ON_FORUM = (
    'with op.batch_alter_table("forum") as batch:\n    batch.alter_column("place", type_=sa.BigInteger())'
)
ON_REPLY = (
    'with op.batch_alter_table("reply") as batch:\n    batch.alter_column("likes", type_=sa.BigInteger())'
)
ON_ACCOUNT = 'with op.batch_alter_table("account") as batch:\n    batch.alter_column("bio", type_=sa.Text())'
HINT = """op.execute("CREATE TABLE hint (forum_id INTEGER REFERENCES forum (id) ON DELETE SET NULL)")
op.execute("INSERT INTO hint VALUES (1)")"""
OFF = 'with op.get_context().autocommit_block():\n    op.execute("PRAGMA foreign_keys=OFF")\n'
OFF_TOO_LATE = 'op.execute("UPDATE shelf SET id = id")\nop.execute("PRAGMA foreign_keys=OFF")\n'
TAG = (
    'op.execute("CREATE TABLE tag (id INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER COLLATE NOCASE {})")\n'
)
ON_TAG = 'with op.batch_alter_table("tag") as batch:\n    batch.alter_column("id", type_=sa.BigInteger())'


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A SQLite file with the history's tables, rows in them, and foreign keys on."""
    engine = create_engine(f"sqlite:///{tmp_path / 'claims.db'}", poolclass=NullPool)
    with engine.connect() as connected:
        _upgrade(connected, HISTORY, tmp_path)
        connected.commit()
        _driver(connected).executescript(f"PRAGMA foreign_keys=ON; {ROWS}")
        yield connected


def _driver(connection: Connection) -> sqlite3.Connection:
    driver: Any = connection.connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _upgrade(connection: Connection, body: str, folder: Path) -> None:
    path = folder / "claim.py"
    path.write_text(revision_source(textwrap.dedent(body), "r1", None))
    context = MigrationContext.configure(connection, opts={"transaction_per_migration": True})
    with context.begin_transaction(_per_migration=True), Operations.context(context):
        load(path).functions("upgrade")[0]()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (ON_ACCOUNT, "FOREIGN KEY constraint failed"),
        ('op.drop_table("account")', "FOREIGN KEY constraint failed"),
        (
            f'op.execute("CREATE VIEW v AS SELECT label FROM shelf")\n{REBUILD}',
            "error in view v: no such table",
        ),
        (f'op.execute("CREATE TABLE _alembic_tmp_shelf (id INTEGER)")\n{REBUILD}', "already exists"),
        (f'op.execute("ALTER TABLE shelf ADD n INTEGER AS (id + 1)")\n{REBUILD}', "syntax error"),
        (
            f'op.execute("ALTER TABLE shelf ADD n INTEGER GENERATED ALWAYS AS (id + 1)")\n{REBUILD}',
            "cannot INSERT into generated",
        ),
        ('op.alter_column("shelf", "label", nullable=False)', "syntax error"),
        (
            'op.create_unique_constraint("uq_shelf", "shelf", ["label"])',
            "No support for ALTER of constraints",
        ),
        (
            'op.add_column("shelf", sa.Column("n", sa.Integer(), sa.ForeignKey("book.id")))',
            "No support for ALTER",
        ),
        ('op.add_column("shelf", sa.Column("n", sa.Integer(), unique=True))', "No support for ALTER"),
        ('op.execute("ALTER TABLE shelf ADD n INTEGER UNIQUE")', "Cannot add a UNIQUE column"),
        ('op.execute("ALTER TABLE shelf ADD n INTEGER PRIMARY KEY")', "Cannot add a PRIMARY KEY column"),
        ('op.execute("ALTER TABLE shelf ADD n INTEGER AS (id + 1) STORED")', "cannot add a STORED column"),
        ('op.execute("ALTER TABLE shelf ADD n INTEGER DEFAULT 1 REFERENCES book (id)")', "non-NULL default"),
        ('op.execute("ALTER TABLE shelf ADD n TEXT DEFAULT CURRENT_TIMESTAMP")', "non-constant default"),
        ("op.execute(\"ALTER TABLE shelf ADD n TEXT DEFAULT (lower('A'))\")", "non-constant default"),
        ('op.drop_column("book", "title")', "error in index ix_book_title after drop column"),
        ('op.drop_column("book", "pages")', "after drop column"),
        ('op.drop_column("account", "id")', "cannot drop PRIMARY KEY column"),
        (
            'with op.batch_alter_table("book") as batch:\n    batch.drop_column("title")',
            "no such column: title",
        ),
        (
            'with op.batch_alter_table("book") as batch:\n    batch.drop_column("pages")',
            "no such column: pages",
        ),
        (
            REBUILD.partition("    ")[0]
            + '    batch.add_column(sa.Column("n", sa.Integer(), sa.ForeignKey("book.id")))',
            "Constraint must have a name",
        ),
    ],
)
def test_revision_fails_as_the_rule_says(
    body: str, error: str, connection: Connection, tmp_path: Path
) -> None:
    with pytest.raises((DBAPIError, NotImplementedError, ValueError), match=error):
        _upgrade(connection, body, tmp_path)


@pytest.mark.parametrize(
    ("body", "query", "found"),
    [
        (ON_FORUM, "SELECT count(*) FROM topic", 0),
        (OFF_TOO_LATE + ON_FORUM, "SELECT count(*) FROM topic", 0),
        (OFF + ON_FORUM, "SELECT count(*) FROM topic", 1),
        ('op.drop_table("forum")', "SELECT count(*) FROM topic", 0),
        (ON_REPLY, "SELECT count(*) FROM reply", 1),
        (OFF + ON_REPLY, "SELECT count(*) FROM reply", 2),
        (
            f"{HINT}\n{ON_FORUM}",
            "SELECT forum_id FROM hint",
            None,
        ),
        (
            f'op.execute("CREATE TRIGGER t AFTER INSERT ON shelf BEGIN SELECT 1; END")\n{REBUILD}',
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'",
            0,
        ),
        (
            'op.rename_table("forum", "old")\nop.execute("CREATE TABLE forum (id INTEGER PRIMARY KEY)")',
            "SELECT sql LIKE '%REFERENCES \"old\"%' FROM sqlite_master WHERE name = 'topic'",
            1,
        ),
        (REBUILD.replace("sa.Text()", "sa.Integer()"), "SELECT group_concat(label) FROM shelf", "0,2026"),
        (REBUILD.replace("sa.Text()", "sa.Date()"), "SELECT group_concat(label) FROM shelf", "0,2026"),
        (
            TAG.format("") + ON_TAG,
            "SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_master WHERE name = 'tag'",
            0,
        ),
        (TAG.format("") + ON_TAG, "SELECT sql LIKE '%NOCASE%' FROM sqlite_master WHERE name = 'tag'", 0),
    ],
)
def test_loss_is_silent_as_the_rule_says(
    body: str, query: str, found: object, connection: Connection, tmp_path: Path
) -> None:
    _upgrade(connection, body, tmp_path)
    assert _driver(connection).execute(query).fetchone() == (found,)


@pytest.mark.filterwarnings("ignore:Unnamed CHECK constraint:UserWarning")
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection:sqlalchemy.exc.SAWarning")
@pytest.mark.parametrize(
    ("body", "word"),
    [
        (TAG.format("CHECK (size > 0)") + ON_TAG, "CHECK"),
        (f'op.execute("CREATE INDEX ix_lower ON shelf (lower(label))")\n{REBUILD}', "lower"),
    ],
)
def test_rebuild_leaves_out_what_the_rule_says(
    body: str, word: str, connection: Connection, tmp_path: Path
) -> None:
    _upgrade(connection, body, tmp_path)
    query = "SELECT count(*) FROM sqlite_master WHERE tbl_name IN ('tag', 'shelf') AND sql LIKE ?"
    assert _driver(connection).execute(query, (f"%{word}%",)).fetchone() == (0,)
