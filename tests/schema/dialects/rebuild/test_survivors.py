"""What a rebuild of a table on SQLite keeps, each through `flask db upgrade` of a revision written by hand."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from tests.schema.conftest import Project

from .helpers import WIDER, block, executes, master, rebuilt, run

ITEM = "CREATE TABLE item (id INTEGER PRIMARY KEY, name VARCHAR(20), size INTEGER)"
ROWS = "INSERT INTO item VALUES (1, 'ann', 3), (2, 'bob', 5)"
LOG = "CREATE TABLE log (word TEXT)"


@pytest.mark.parametrize(
    "columns",
    [
        "id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(20)",
        "id INTEGER PRIMARY KEY, name VARCHAR(20) COLLATE NOCASE NOT NULL DEFAULT 'x'",
        "id INTEGER PRIMARY KEY, name VARCHAR(20), CHECK (length(name) > 1)",
        "id INTEGER PRIMARY KEY CHECK (id > 0), name VARCHAR(20), CHECK (id < 99), CHECK (id <> 50)",
        "id INTEGER PRIMARY KEY, name VARCHAR(20), size INTEGER GENERATED ALWAYS AS (length(name)) STORED",
        "id INTEGER PRIMARY KEY, size AS (length(name)), name VARCHAR(20)",
        "id INTEGER NOT NULL, name VARCHAR(20), PRIMARY KEY (name, id DESC)) WITHOUT ROWID --(",
        "id INTEGER PRIMARY KEY ON CONFLICT REPLACE, name VARCHAR(20) NOT NULL ON CONFLICT IGNORE UNIQUE",
        "id INTEGER PRIMARY KEY, name VARCHAR(20), UNIQUE (name COLLATE NOCASE) ON CONFLICT ABORT",
        "id INTEGER PRIMARY KEY, name VARCHAR(20), price MONEY DEFAULT (1 + 1), anything, b BLOB DEFAULT x'00'",
        "id INTEGER PRIMARY KEY DESC, name VARCHAR(20), at TIMESTAMP DEFAULT CURRENT_TIMESTAMP",
        "id INTEGER PRIMARY KEY, name VARCHAR(20) CONSTRAINT named NOT NULL, CONSTRAINT a CHECK (id IN (1, 2))",
        "id INTEGER PRIMARY KEY, name VARCHAR(20), o INTEGER REFERENCES other ON DELETE SET NULL MATCH FULL",
        "id INTEGER PRIMARY KEY, name VARCHAR(20), p REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED",
        "id INTEGER PRIMARY KEY, -- the key, of course\n name VARCHAR(20) /* a name */ -- and so on\n",
        '\'id\' INTEGER PRIMARY KEY, [name] VARCHAR(20), `or`, "a ""b""" INT',
    ],
)
def test_text_of_the_table_stays_word_for_word(sqlite_project: Project, columns: str) -> None:
    rows = "INSERT INTO item (id, name) VALUES (1, 'ann'), (2, 'bob')"
    rebuilt(
        sqlite_project, "CREATE TABLE other (id INTEGER PRIMARY KEY)", f"CREATE TABLE item ({columns})", rows
    )
    assert sqlite_project.rows("SELECT id, name FROM item ORDER BY id") == [(1, "ann"), (2, "bob")]


def test_strict_table_stays_strict(sqlite_project: Project) -> None:
    item = "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, any ANY) STRICT"
    upgrade = block('batch.alter_column("name", nullable=False)')
    rebuilt(
        sqlite_project,
        item,
        "INSERT INTO item VALUES (1, 'a', 2)",
        upgrade=upgrade,
        item="TEXT => TEXT NOT NULL",
    )


def test_comments_stay(sqlite_project: Project) -> None:
    run(sqlite_project, "CREATE TABLE item (id INTEGER, -- the key\n name VARCHAR(20))", upgrade=block(WIDER))
    assert "-- the key" in sqlite_project.rows("SELECT sql FROM sqlite_master WHERE name = 'item'")[0][0]


@pytest.mark.parametrize(
    "index",
    [
        "CREATE INDEX ix ON item (lower(name))",
        "CREATE UNIQUE INDEX ix ON item (name) WHERE size > 3",
        "CREATE INDEX ix ON item (size DESC, name COLLATE NOCASE)",
        "CREATE INDEX ix ON item (coalesce(size, 0), id) WHERE name IS NOT NULL",
        'CREATE INDEX "an ""odd"" name" ON "item" ([name])',
    ],
)
def test_index_stays_word_for_word(sqlite_project: Project, index: str) -> None:
    rebuilt(sqlite_project, ITEM, ROWS, index)
    assert sqlite_project.rows("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize(
    "trigger",
    [
        "CREATE TRIGGER tr AFTER INSERT ON item BEGIN INSERT INTO log VALUES (NEW.name); END",
        "CREATE TRIGGER tr BEFORE UPDATE OF name, size ON item WHEN NEW.size > 1 BEGIN SELECT RAISE(ABORT, ';'); END",
        "CREATE TRIGGER tr AFTER INSERT ON log BEGIN UPDATE item SET size = size + 1; END",
        "CREATE TRIGGER tr INSTEAD OF INSERT ON names BEGIN INSERT INTO item (name) VALUES (NEW.name); END",
    ],
)
def test_trigger_stays_word_for_word(sqlite_project: Project, trigger: str) -> None:
    rebuilt(sqlite_project, ITEM, LOG, "CREATE VIEW names AS SELECT name FROM item", ROWS, trigger)


def test_trigger_still_runs_and_did_not_run_for_the_copy(sqlite_project: Project) -> None:
    trigger = "CREATE TRIGGER tr AFTER INSERT ON item BEGIN INSERT INTO log VALUES (NEW.name); END"
    rebuilt(sqlite_project, ITEM, LOG, ROWS, trigger)
    assert sqlite_project.rows("SELECT * FROM log") == []
    sqlite_project.rows("INSERT INTO item (name) VALUES ('eve')")
    assert sqlite_project.rows("SELECT * FROM log") == [("eve",)]


@pytest.mark.parametrize(
    "view",
    [
        "CREATE VIEW v AS SELECT * FROM item",
        "CREATE VIEW v (n) AS SELECT i.name FROM main.item i JOIN item AS j ON j.id = i.size",
        "CREATE VIEW v AS WITH w AS (SELECT name FROM item) SELECT upper(name) FROM w",
    ],
)
def test_view_stays_word_for_word(sqlite_project: Project, view: str) -> None:
    rebuilt(sqlite_project, ITEM, ROWS, view, "CREATE VIEW of_view AS SELECT * FROM v")
    assert len(sqlite_project.rows("SELECT * FROM of_view")) == len(sqlite_project.rows("SELECT * FROM v"))


def test_view_that_was_broken_before_is_nobodys_business(sqlite_project: Project) -> None:
    broken = "CREATE VIEW broken AS SELECT * FROM nowhere"
    rebuilt(sqlite_project, ITEM, ROWS, broken, "CREATE VIEW v AS SELECT name, 'x' FROM item")


@pytest.mark.parametrize("gone", ["id = 9", "TRUE"])
def test_autoincrement_never_gives_a_number_twice(sqlite_project: Project, gone: str) -> None:
    item = "CREATE TABLE item (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(20))"
    rows = "INSERT INTO item VALUES (1, 'a'), (9, 'b')"
    rebuilt(sqlite_project, item, rows, f"DELETE FROM item WHERE {gone}")
    sqlite_project.rows("INSERT INTO item (name) VALUES ('c')")
    assert sqlite_project.rows("SELECT max(id) FROM item") == [(10,)]


def test_row_numbers_stay(sqlite_project: Project) -> None:
    """A full-text index on the table refers to its rows by them."""
    item = "CREATE TABLE item (name VARCHAR(20))"
    rebuilt(sqlite_project, item, "INSERT INTO item (rowid, name) VALUES (7, 'a'), (12, 'b')")
    assert sqlite_project.rows("SELECT rowid, name FROM item") == [(7, "a"), (12, "b")]


def test_statistics_stay(sqlite_project: Project) -> None:
    index = "CREATE INDEX ix ON item (size)"
    project = sqlite_project
    rebuilt(project, ITEM, ROWS, index, "ANALYZE")
    assert project.rows("SELECT tbl, idx, stat FROM sqlite_stat1") == [("item", "ix", "2 1")]


@pytest.fixture
def enforcing(sqlite_project: Project) -> Project:
    """A project whose application enforces foreign keys."""
    with sqlite_project.app.app_context():
        event.listen(
            sqlite_project.db.engine, "connect", lambda driver, _: driver.execute("PRAGMA foreign_keys = ON")
        )
    return sqlite_project


@pytest.mark.parametrize(
    "action", ["", "ON DELETE CASCADE", "ON DELETE SET NULL", "ON DELETE RESTRICT", "ON DELETE SET DEFAULT"]
)
@pytest.mark.parametrize("deferred", ["", " DEFERRABLE INITIALLY DEFERRED"])
def test_rows_that_refer_to_the_table_stay(enforcing: Project, action: str, deferred: str) -> None:
    reference = f"REFERENCES item (id) {action}{deferred}"
    item = f"CREATE TABLE item (id INTEGER PRIMARY KEY, name VARCHAR(20), parent INTEGER {reference})"
    child = f"CREATE TABLE child (item_id INTEGER DEFAULT 1 {reference})"
    rows = ["INSERT INTO item VALUES (1, 'a', NULL), (2, 'b', 1)", "INSERT INTO child VALUES (1), (2)"]
    rebuilt(enforcing, item, child, *rows)
    assert enforcing.rows("SELECT * FROM item") == [(1, "a", None), (2, "b", 1)]
    assert enforcing.rows("SELECT * FROM child") == [(1,), (2,)]
    assert enforcing.rows("PRAGMA foreign_key_check") == []
    assert {row[2] for row in enforcing.rows("PRAGMA foreign_key_list(child)")} == {"item"}
    assert {row[2] for row in enforcing.rows("PRAGMA foreign_key_list(item)")} == {"item"}


def test_what_a_revision_for_alembics_own_rebuild_creates_again_takes_its_place(
    sqlite_project: Project,
) -> None:
    trigger = "CREATE TRIGGER tr AFTER INSERT ON item BEGIN INSERT INTO log VALUES ('{}'); END"
    index = "CREATE INDEX ix ON item (lower(name){})"
    again = executes(
        f"-- anew\n{trigger.format('new')}", "CREATE INDEX IF NOT EXISTS main.ix ON item (upper(name))"
    )
    run(
        sqlite_project,
        *(ITEM, LOG, ROWS, trigger.format("old"), index.format("")),
        upgrade=f"{block(WIDER)}\n    {again}",
    )
    assert "'new'" in master(sqlite_project)["tr"]
    assert "upper" in master(sqlite_project)["ix"]
