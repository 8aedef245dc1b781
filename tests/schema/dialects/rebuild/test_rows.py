"""Values stay the same, or the revision stops and says which would not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.schema.conftest import Project

from .helpers import block, executes, master, refused, run


def retype(type_: str) -> str:
    """Return a block that gives the column `value` another type."""
    return block(f'batch.alter_column("value", type_={type_})')


def item(type_: str, *values: Any) -> list[str]:
    """Return SQL of a table with a column `value` and rows."""
    rows = ", ".join(f"({number}, {value!r})" for number, value in enumerate(values, 1))
    return [
        f"CREATE TABLE item (id INTEGER PRIMARY KEY, value {type_})",
        f"INSERT INTO item VALUES {rows}".replace("None", "NULL"),
    ]


@pytest.mark.parametrize(
    ("before", "values", "type_", "after"),
    [
        ("VARCHAR(9)", ["12", "-3", " 7 ", "0", None], "sa.Integer()", [12, -3, 7, 0, None]),
        ("TEXT", ["1.50", "2", "1e3"], "sa.Numeric(10, 2)", [1.5, 2, 1000]),
        ("TEXT", ["9007199254740993"], "sa.BigInteger()", [9007199254740993]),
        ("TEXT", ["1", "0"], "sa.Boolean()", [1, 0]),
        ("REAL", [1.0, 2.0], "sa.Integer()", [1, 2]),
        ("INTEGER", [1, 2], "sa.Float()", [1.0, 2.0]),
        ("INTEGER", [1, 2], "sa.String(5)", ["1", "2"]),
        ("REAL", [1.25], "sa.Text()", ["1.25"]),
        ("INTEGER", [1], "sa.Boolean()", [1]),
        ("VARCHAR(3)", ["abc"], "sa.Text()", ["abc"]),
        ("TEXT", ["[1]"], "sa.JSON()", ["[1]"]),
        ("DATE", ["2026-01-31"], "sa.DateTime()", ["2026-01-31 00:00:00.000000"]),
        ("DATETIME", ["2026-01-31 00:00:00.000000"], "sa.Date()", ["2026-01-31"]),
        ("DATETIME", ["2026-01-31 12:00:00.000000"], "sa.TIMESTAMP()", ["2026-01-31 12:00:00.000000"]),
        ("DATE", ["2026-01-31"], "sa.String(10)", ["2026-01-31"]),
        ("VARCHAR(10)", ["2026-01-31"], "sa.Date()", ["2026-01-31"]),
        ("TEXT", ["2026-01-31 12:00:00"], "sa.DateTime()", ["2026-01-31 12:00:00"]),
        ("TEXT", ["12:30:00"], "sa.Time()", ["12:30:00"]),
    ],
)
def test_value_that_fits_gets_its_new_type(
    sqlite_project: Project, before: str, values: list[Any], type_: str, after: list[Any]
) -> None:
    run(sqlite_project, *item(before, *values), upgrade=retype(type_))
    found = [row[0] for row in sqlite_project.rows("SELECT value FROM item ORDER BY id")]
    assert found == after
    assert [type(value) for value in found] == [type(value) for value in after]


@pytest.mark.parametrize(
    ("before", "good", "bad", "type_", "change"),
    [
        ("VARCHAR(9)", "12", "12x", "sa.Integer()", "'12x' → 12"),
        ("VARCHAR(9)", "12", "abc", "sa.Integer()", "'abc' → 0"),
        ("VARCHAR(9)", "12", "", "sa.Integer()", "'' → 0"),
        ("VARCHAR(9)", "12", "1e3", "sa.Integer()", "'1e3' → 1"),
        ("VARCHAR(9)", "12", "007", "sa.Integer()", "'007' → 7"),
        ("VARCHAR(9)", "0.5", "1,5", "sa.Numeric()", "'1,5' → 1"),
        (
            "TEXT",
            "0.5",
            "0.1234567890123456789",
            "sa.Numeric()",
            "'0.1234567890123456789' → 0.12345678901234568",
        ),
        ("TEXT", "1", "99999999999999999999", "sa.Integer()", "'99999999999999999999' → 9223372036854775807"),
        ("TEXT", "1", "true", "sa.Boolean()", "'true' → 0"),
        ("FLOAT", 2.0, 1.5, "sa.Integer()", "1.5 → 1"),
        ("NUMERIC(5, 2)", 2, 1.5, "sa.Integer()", "1.5 → 1"),
        ("BIGINT", 5, 9007199254740993, "sa.Float()", "9007199254740993 → 9007199254740992.0"),
        (
            "DATETIME",
            "2026-01-31 00:00:00",
            "2026-01-31 12:00:00",
            "sa.Date()",
            "'2026-01-31 12:00:00' → '2026-01-31'",
        ),
        ("VARCHAR(9)", "2026-01-31", "31.1.2026", "sa.Date()", "'31.1.2026' → '31.1.2026'"),
        ("DATE", None, "2026-01-31", "sa.Integer()", "'2026-01-31' → 2026"),
    ],
)
def test_value_that_would_change_stops_the_revision(
    sqlite_project: Project, before: str, good: Any, bad: Any, type_: str, change: str
) -> None:
    words = refused(sqlite_project, *item(before, good, bad, None), upgrade=retype(type_))
    assert f"1 value of 3 would not stay the same: id 2: {change}. Nothing was changed." in words
    assert 'op.execute("UPDATE item SET value = … WHERE …")' in words


def test_five_of_many_values_are_shown(sqlite_project: Project) -> None:
    words = refused(sqlite_project, *item("TEXT", *["x"] * 7), upgrade=retype("sa.Integer()"))
    assert "7 values of 7 would not stay the same: id 1: 'x' → 0; id 2: 'x' → 0;" in words
    assert "id 5: 'x' → 0; …. Nothing" in words
    assert "id 6" not in words


def test_values_that_the_revision_corrects_first_do_not_stop_it(sqlite_project: Project) -> None:
    update = executes("UPDATE item SET value = 12 WHERE value = '12x'")
    run(sqlite_project, *item("TEXT", "12x"), upgrade=f"{update}\n    {retype('sa.Integer()')}")
    assert sqlite_project.rows("SELECT value FROM item") == [(12,)]


def test_rows_are_named_by_the_primary_key(sqlite_project: Project) -> None:
    table = "CREATE TABLE item (a TEXT, b INT, value TEXT, PRIMARY KEY (b, a)) WITHOUT ROWID"
    words = refused(
        sqlite_project, table, "INSERT INTO item VALUES ('x', 1, 'y')", upgrade=retype("sa.Integer()")
    )
    assert "b 1, a 'x': 'y' → 0" in words


def test_rows_without_a_key_are_named_by_their_number(sqlite_project: Project) -> None:
    table = "CREATE TABLE item (value TEXT)"
    words = refused(sqlite_project, table, "INSERT INTO item VALUES ('y')", upgrade=retype("sa.Integer()"))
    assert "rowid 1: 'y' → 0" in words


def test_missing_values_are_counted(sqlite_project: Project) -> None:
    tighten = block('batch.alter_column("value", nullable=False)')
    words = refused(sqlite_project, *item("TEXT", "a", None, None), upgrade=tighten)
    assert "makes item.value NOT NULL, and 2 rows of 3 have no value there: id 2; id 3. Nothing" in words
    assert 'op.execute("UPDATE item SET value = … WHERE value IS NULL")' in words


def test_new_column_without_a_value_is_said(sqlite_project: Project) -> None:
    add = block('batch.add_column(sa.Column("more", sa.Integer(), nullable=False))')
    words = refused(sqlite_project, *item("TEXT", "a"), upgrade=add)
    assert "makes item.more NOT NULL, and 1 row of 1 has no value there: id 1" in words
    assert "Give the new column a `server_default`" in words


UNIQUE = 'batch.create_unique_constraint("uq", ["value"])'
INDEX = 'batch.create_index("uq", ["value"], unique=True)'


@pytest.mark.parametrize(
    "upgrade", [block(UNIQUE), block(INDEX), 'op.create_index("uq", "item", ["value"], unique=True)']
)
def test_duplicates_are_counted(sqlite_project: Project, upgrade: str) -> None:
    words = refused(sqlite_project, *item("TEXT", "a", "b", "a", None, None, "a", "b", "c"), upgrade=upgrade)
    assert (
        "makes value unique in item, and 2 values occur more than once, in 5 rows: 'a' (3 rows); 'b' (2 rows)."
        in words
    )


def test_values_that_a_new_type_makes_equal_are_counted(sqlite_project: Project) -> None:
    statements = [*item("TEXT", "1", "1.0"), "CREATE UNIQUE INDEX ix ON item (value)"]
    words = refused(sqlite_project, *statements, upgrade=retype("sa.Integer()"))
    assert "makes value unique in item, and 1 value occurs more than once, in 2 rows: 1 (2 rows)." in words


def test_rows_that_a_new_check_refuses_are_counted(sqlite_project: Project) -> None:
    check = block('batch.create_check_constraint("ck", "value > 1")')
    words = refused(sqlite_project, *item("INTEGER", 1, 2, 0), upgrade=check)
    assert "must fulfil CHECK (value > 1), and 2 rows of 3 do not: id 1; id 3." in words


def test_rows_that_a_conflict_clause_would_swallow_stop_the_revision(sqlite_project: Project) -> None:
    table = "CREATE TABLE item (id INTEGER PRIMARY KEY, value TEXT UNIQUE ON CONFLICT REPLACE)"
    words = refused(
        sqlite_project, table, "INSERT INTO item VALUES (1, '1'), (2, '1.0')", upgrade=retype("sa.Integer()")
    )
    assert "1 row of item would be lost: a constraint with ON CONFLICT takes 1 of 2 rows." in words


def test_table_that_sqlite_refuses_is_called_by_its_name(sqlite_project: Project) -> None:
    table = "CREATE TABLE item (id INTEGER PRIMARY KEY, value TEXT) STRICT"
    words = refused(sqlite_project, table, upgrade=retype("sa.String(5)"))
    assert "SQLite refuses what the revision makes of item: unknown datatype for item.value" in words


def test_check_with_a_name_has_to_be_dropped_with_its_column(sqlite_project: Project) -> None:
    table = "CREATE TABLE item (id INTEGER PRIMARY KEY, value TEXT, CONSTRAINT ck CHECK (value <> ''))"
    words = refused(sqlite_project, table, upgrade=block('batch.drop_column("value")'))
    assert "SQLite refuses what the revision makes of item: no such column: value" in words
    assert 'batch_op.drop_constraint("ck")' in words


def test_generated_columns_are_computed_and_not_copied(sqlite_project: Project) -> None:
    table = "CREATE TABLE item (id INTEGER PRIMARY KEY, value TEXT, n AS (length(value)), s INT AS (id * 2) STORED)"
    row = "INSERT INTO item (value) VALUES ('12345')"
    run(sqlite_project, table, row, upgrade=retype("sa.Integer()"))
    assert sqlite_project.rows("SELECT * FROM item") == [(1, 12345, 5, 2)]


def test_copy_that_was_left_behind_is_dropped_and_that_is_said(sqlite_project: Project) -> None:
    left = ["CREATE TABLE _alembic_tmp_item (id INTEGER)", "INSERT INTO _alembic_tmp_item VALUES (1)"]
    result = run(sqlite_project, *item("TEXT", "1", "2"), *left, upgrade=retype("sa.Integer()"))
    assert "Dropped '_alembic_tmp_item', which an interrupted rebuild left beside 'item'." in result.stderr
    assert "_alembic_tmp_item" not in master(sqlite_project)
    assert sqlite_project.rows("SELECT value FROM item") == [(1,), (2,)]
