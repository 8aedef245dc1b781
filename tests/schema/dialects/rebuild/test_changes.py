"""What a revision says about a table is done, and nothing else; what contradicts it stops the revision."""

from __future__ import annotations

import pytest

from tests.schema.conftest import Project

from .helpers import block, executes, master, rebuilt, refused, run

COLUMNS = "id INTEGER PRIMARY KEY, name VARCHAR(20), size INTEGER DEFAULT 3"
ITEM = f"CREATE TABLE item ({COLUMNS})"
ROWS = "INSERT INTO item VALUES (1, 'ann', 3), (2, 'bob', 5)"
LOG = "CREATE TABLE log (word TEXT)"


@pytest.mark.parametrize(
    ("operation", "change"),
    [
        ('batch.alter_column("name", nullable=False)', "VARCHAR(20) => VARCHAR(20) NOT NULL"),
        ('batch.alter_column("size", server_default=None)', "size INTEGER DEFAULT 3 => size INTEGER"),
        ('batch.alter_column("size", server_default="7")', "DEFAULT 3 => DEFAULT '7'"),
        (
            'batch.alter_column("size", server_default=sa.text("1 + 1"))',
            "size INTEGER DEFAULT 3 => size INTEGER DEFAULT (1 + 1)",
        ),
        ('batch.alter_column("size", type_=sa.BigInteger())', "size INTEGER => size BIGINT"),
        (
            'batch.alter_column("name", type_=sa.String(9, collation="RTRIM"))',
            "VARCHAR(20) => VARCHAR(9) COLLATE RTRIM",
        ),
        ('batch.drop_column("size")', ", size INTEGER DEFAULT 3 => "),
        ('batch.add_column(sa.Column("b", sa.Text()))', "DEFAULT 3 => DEFAULT 3, b TEXT"),
        (
            'batch.add_column(sa.Column("b", sa.Text()), insert_after="id")',
            "PRIMARY KEY, => PRIMARY KEY, b TEXT,",
        ),
        (
            'batch.add_column(sa.Column("b", sa.Integer(), sa.Computed("id + 1", persisted=True)))',
            "DEFAULT 3 => DEFAULT 3, b INTEGER GENERATED ALWAYS AS (id + 1) STORED",
        ),
        (
            'batch.create_unique_constraint("uq", ["name", "size"])',
            "DEFAULT 3 => DEFAULT 3, CONSTRAINT uq UNIQUE (name, size)",
        ),
        (
            'batch.create_check_constraint("ck", "size > 1")',
            "DEFAULT 3 => DEFAULT 3, CONSTRAINT ck CHECK (size > 1)",
        ),
        (
            'batch.create_foreign_key("fk", "log", ["name"], ["word"], ondelete="CASCADE")',
            "DEFAULT 3 => DEFAULT 3, CONSTRAINT fk FOREIGN KEY (name) REFERENCES log (word) ON DELETE CASCADE",
        ),
        (
            'batch.create_primary_key("pk", ["name", "id"])',
            f"{COLUMNS} => {COLUMNS.replace(' PRIMARY KEY', '')}, CONSTRAINT pk PRIMARY KEY (name, id)",
        ),
    ],
)
# Alembic's: it keeps the old key until it knows the new one.
@pytest.mark.filterwarnings("ignore:Table '_alembic_tmp_item' specifies columns:sqlalchemy.exc.SAWarning")
def test_one_operation_changes_one_thing(sqlite_project: Project, operation: str, change: str) -> None:
    rest = ["CREATE INDEX ix ON item (lower(name))", "CREATE VIEW v AS SELECT id, name FROM item", LOG, ROWS]
    rebuilt(sqlite_project, ITEM, *rest, upgrade=block(operation), item=change)
    assert sqlite_project.rows("SELECT id, name FROM item") == [(1, "ann"), (2, "bob")]


@pytest.mark.parametrize(
    ("columns", "operation", "change"),
    [
        (
            "id INTEGER, a TEXT, CONSTRAINT uq UNIQUE (a) ON CONFLICT FAIL, CONSTRAINT ck CHECK (id > 0)",
            'batch.drop_constraint("uq")',
            ", CONSTRAINT uq UNIQUE (a) ON CONFLICT FAIL => ",
        ),
        (
            "id INTEGER, a TEXT, CHECK (id > 0), CONSTRAINT ck CHECK (a IN ('x'))",
            'batch.drop_constraint("ck")',
            ", CONSTRAINT ck CHECK (a IN ('x')) => ",
        ),
        (
            "id INTEGER PRIMARY KEY, a INT REFERENCES log, CONSTRAINT fk FOREIGN KEY (a) REFERENCES item (id)",
            'batch.drop_constraint("fk")',
            ", CONSTRAINT fk FOREIGN KEY (a) REFERENCES item (id) => ",
        ),
        (
            "id INTEGER NOT NULL, a INT, CONSTRAINT pk PRIMARY KEY (id)",
            'batch.drop_constraint("pk")',
            ", CONSTRAINT pk PRIMARY KEY (id) => ",
        ),
    ],
)
def test_only_the_named_constraint_goes(
    sqlite_project: Project, columns: str, operation: str, change: str
) -> None:
    rebuilt(
        sqlite_project,
        "CREATE TABLE log (id INTEGER PRIMARY KEY)",
        f"CREATE TABLE item ({columns})",
        upgrade=block(operation),
        item=change,
    )


def test_unnamed_constraints_go_by_the_names_of_a_convention(sqlite_project: Project) -> None:
    columns = "id INTEGER PRIMARY KEY, a TEXT UNIQUE ON CONFLICT FAIL, b TEXT, o INT REFERENCES item (id), UNIQUE (b)"
    convention = (
        ', naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s", "fk": "fk_%(column_0_name)s"}'
    )
    run(
        sqlite_project,
        f"CREATE TABLE item ({columns})",
        upgrade=block('batch.drop_constraint("uq_item_b")', arguments=convention),
    )
    sql = master(sqlite_project)["item"]
    assert "uq_item_b" not in sql
    assert "constraint uq_item_a unique ( a ) on conflict fail" in sql
    assert "constraint fk_o foreign key ( o ) references item ( id )" in sql


def test_renamed_column_is_renamed_wherever_it_is_named(sqlite_project: Project) -> None:
    statements = [
        "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT UNIQUE, CHECK (length(name) > 1))",
        "CREATE TABLE child (n TEXT REFERENCES item (name))",
        "CREATE INDEX ix ON item (lower(name)) WHERE name <> ''",
        "CREATE TRIGGER tr AFTER UPDATE OF name ON item BEGIN INSERT INTO log VALUES (NEW.name); END",
        "CREATE VIEW v (n) AS SELECT name FROM item",
        "INSERT INTO item VALUES (1, 'ann')",
    ]
    upgrade = block('batch.alter_column("name", new_column_name="title", nullable=False)')
    run(sqlite_project, LOG, *statements, upgrade=upgrade)
    texts = master(sqlite_project)
    for name in ("item", "child", "ix", "tr", "v"):
        assert " title " in texts[name]
        assert " name " not in texts[name]
    sqlite_project.rows("UPDATE item SET title = 'eve'")
    assert sqlite_project.rows("SELECT n, word FROM v, log") == [("eve", "eve")]


def test_columns_may_swap_their_names(sqlite_project: Project) -> None:
    view = "CREATE VIEW v (n, s) AS SELECT name, size FROM item"
    swap = block(
        'batch.alter_column("name", new_column_name="size")',
        'batch.alter_column("size", new_column_name="name")',
    )
    run(sqlite_project, ITEM, ROWS, view, upgrade=swap)
    assert sqlite_project.rows("SELECT size, name FROM item") == [("ann", 3), ("bob", 5)]
    assert sqlite_project.rows("SELECT n, s FROM v") == [("ann", 3), ("bob", 5)]


def test_name_of_a_dropped_column_may_be_taken(sqlite_project: Project) -> None:
    index = "CREATE INDEX ix ON item (size)"
    take = block('batch.drop_column("name")', 'batch.alter_column("size", new_column_name="name")')
    run(sqlite_project, ITEM, ROWS, index, "CREATE INDEX ix_name ON item (name)", upgrade=take)
    assert sqlite_project.rows("SELECT * FROM item") == [(1, 3), (2, 5)]
    texts = master(sqlite_project)
    assert texts["ix"] == "create index ix on item ( name )"
    assert "ix_name" not in texts


def test_rename_that_changes_what_a_view_shows_is_refused(sqlite_project: Project) -> None:
    rename = block('batch.alter_column("name", new_column_name="title")')
    words = refused(sqlite_project, ITEM, ROWS, "CREATE VIEW v AS SELECT name FROM item", upgrade=rename)
    assert "The view 'v' does not fit" in words
    assert "its column 'name' would be called 'title'" in words


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("CREATE VIEW gone AS SELECT name FROM item", "no such column: name"),
        (
            'CREATE VIEW gone AS SELECT "name" FROM item',
            "no such column: name, which SQLite would take for a text",
        ),
        (
            "CREATE TRIGGER gone AFTER INSERT ON item BEGIN INSERT INTO log VALUES (NEW.name); END",
            "no such column: NEW.name",
        ),
        ("CREATE TRIGGER gone AFTER UPDATE OF name ON item BEGIN DELETE FROM log; END", "UPDATE OF name"),
        (
            "CREATE TRIGGER gone AFTER INSERT ON log BEGIN UPDATE item SET name = 'x'; END",
            "no such column: name",
        ),
    ],
)
def test_view_or_trigger_that_names_a_dropped_column_stops_the_revision(
    sqlite_project: Project, statement: str, reason: str
) -> None:
    words = refused(sqlite_project, ITEM, LOG, ROWS, statement, upgrade=block('batch.drop_column("name")'))
    kind = statement.split()[1].lower()
    assert f"The {kind} 'gone' does not fit what the revision makes of item: {reason}" in words
    assert f"Write op.execute('DROP {kind.upper()} \"gone\"') before the block" in words


@pytest.mark.parametrize("drop", ["DROP TRIGGER gone", "DROP TRIGGER IF EXISTS main.gone"])
@pytest.mark.parametrize("before", [True, False])
def test_revision_takes_care_of_a_trigger(sqlite_project: Project, drop: str, before: bool) -> None:
    trigger = "CREATE TRIGGER gone AFTER INSERT ON item BEGIN INSERT INTO log VALUES (NEW.name); END"
    lines = [executes(drop), block('batch.drop_column("name")')]
    upgrade = "\n    ".join(lines if before else reversed(lines))
    run(sqlite_project, ITEM, LOG, ROWS, trigger, upgrade=upgrade)
    assert "gone" not in master(sqlite_project)


def test_revision_replaces_what_does_not_fit_any_more(sqlite_project: Project) -> None:
    trigger = "CREATE TRIGGER tr AFTER INSERT ON item BEGIN INSERT INTO log VALUES (NEW.{}); END"
    view = "CREATE VIEW v AS SELECT {} FROM item"
    after = executes(trigger.format("size"), "DROP VIEW v", view.format("size"))
    before = [ITEM, LOG, ROWS, trigger.format("name"), view.format("name")]
    drop = block('batch.drop_column("name")')
    run(sqlite_project, *before, upgrade=f"{drop}\n    {after}")
    assert "new . size" in master(sqlite_project)["tr"]


@pytest.mark.parametrize(
    "index",
    [
        "CREATE INDEX gone ON item (name)",
        "CREATE INDEX gone ON item (size, lower(name))",
        "CREATE INDEX gone ON item (size) WHERE name <> ''",
    ],
)
def test_index_goes_with_its_column_and_that_is_said(sqlite_project: Project, index: str) -> None:
    kept = "CREATE INDEX ix ON item (size) WHERE size > 1"
    result = run(sqlite_project, ITEM, ROWS, index, kept, upgrade=block('batch.drop_column("name")'))
    assert "gone" not in master(sqlite_project)
    assert "ix" in master(sqlite_project)
    assert "The index 'gone' goes with the column 'name' of item." in result.stderr


def test_check_without_a_name_goes_with_its_column_and_that_is_said(sqlite_project: Project) -> None:
    columns = "id INTEGER PRIMARY KEY, name TEXT CHECK (name <> ''), size INT, CHECK (name <> size)"
    item = f"CREATE TABLE item ({columns}, CHECK (size > 0))"
    result = run(sqlite_project, item, upgrade=block('batch.drop_column("name")'))
    assert master(sqlite_project)["item"].endswith(
        "( id integer primary key , size int , check ( size > 0 ) )"
    )
    assert "CHECK (name <> size) of item goes with the column that it names." in result.stderr


def test_foreign_key_to_a_dropped_column_stops_the_revision(sqlite_project: Project) -> None:
    statements = [
        "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT UNIQUE)",
        "CREATE TABLE child (n REFERENCES item (name))",
    ]
    words = refused(sqlite_project, *statements, upgrade=block('batch.drop_column("name")'))
    assert "The revision drops item.name, and child.n refers to it." in words


@pytest.mark.parametrize(
    ("type_", "check", "goes"),
    [
        ("BOOLEAN", "CHECK (kind IN (0, 1))", True),
        ("VARCHAR(1)", "CHECK (kind IN ('a', 'b'))", True),
        ("INTEGER", "CHECK (kind IN (1, 2))", False),
        ("VARCHAR(1)", "CHECK (kind <> 'x')", False),
        ("VARCHAR(1)", "CONSTRAINT ck CHECK (kind IN ('a', 'b'))", False),
    ],
)
def test_check_of_a_type_goes_with_the_type(
    sqlite_project: Project, type_: str, check: str, goes: bool
) -> None:
    """SQLAlchemy writes it for Boolean and Enum. Kept, it would refuse what the new type allows."""
    upgrade = block('batch.alter_column("kind", type_=sa.String(9))')
    run(sqlite_project, f"CREATE TABLE item (id INTEGER PRIMARY KEY, kind {type_}, {check})", upgrade=upgrade)
    assert ("check" in master(sqlite_project)["item"]) is not goes


def test_checks_that_the_revision_restates_are_not_doubled(sqlite_project: Project) -> None:
    arguments = ', table_args=[sa.CheckConstraint("size > 0", name="ck_size")]'
    item = "CREATE TABLE item (id INTEGER PRIMARY KEY, size INT, CHECK (size > 0))"
    run(sqlite_project, item, upgrade=block(arguments=arguments))
    assert master(sqlite_project)["item"].count("check") == 1
    assert "ck_size" in master(sqlite_project)["item"]


def test_autoincrement_is_lost_only_where_the_revision_says_so(sqlite_project: Project) -> None:
    item = "CREATE TABLE item (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT)"
    arguments = ', table_kwargs={"sqlite_autoincrement": False}'
    run(sqlite_project, item, upgrade=block(arguments=arguments))
    assert "autoincrement" not in master(sqlite_project)["item"]


def test_autoincrement_comes_where_the_revision_says_so(sqlite_project: Project) -> None:
    item = "CREATE TABLE item (id INTEGER NOT NULL, name TEXT, CONSTRAINT pk PRIMARY KEY (id))"
    arguments = ', table_kwargs={"sqlite_autoincrement": True}'
    run(sqlite_project, item, "INSERT INTO item VALUES (5, 'a')", upgrade=block(arguments=arguments))
    assert "constraint pk primary key autoincrement" in master(sqlite_project)["item"]
    assert sqlite_project.rows("SELECT seq FROM sqlite_sequence") == [(5,)]


def test_type_that_cannot_have_autoincrement_is_said(sqlite_project: Project) -> None:
    item = "CREATE TABLE item (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT)"
    result = run(sqlite_project, item, upgrade=block('batch.alter_column("id", type_=sa.BigInteger())'))
    assert "id bigint" in master(sqlite_project)["item"].replace('"', "")
    assert "AUTOINCREMENT of item.id goes" in result.stderr


def test_stated_table_is_taken_as_it_is_stated(sqlite_project: Project) -> None:
    item = "CREATE TABLE item (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT COLLATE NOCASE)"
    index = "CREATE INDEX ix ON item (lower(name))"
    trigger = "CREATE TRIGGER tr AFTER INSERT ON item BEGIN SELECT 1; END"
    table = 'sa.Table("item", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))'
    upgrade = block('batch.alter_column("name", nullable=False)', arguments=f", copy_from={table}")
    result = run(sqlite_project, item, index, trigger, "INSERT INTO item VALUES (4, 'a')", upgrade=upgrade)
    texts = master(sqlite_project)
    assert "name text not null" in texts["item"]
    assert {"ix", "tr"} <= set(texts)
    assert "AUTOINCREMENT of item goes: the table given as `copy_from` does not have it." in result.stderr
    assert "COLLATE NOCASE (name) of item goes" in result.stderr
    assert sqlite_project.rows("SELECT * FROM item") == [(4, "a")]
