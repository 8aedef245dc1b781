from __future__ import annotations

import pytest
from alembic.operations.ops import AlterColumnOp, DropColumnOp, DropTableOp, MigrateOperation, RenameTableOp

from app.schema.core.copies import copies_of, mentions, takes_the_name
from app.schema.core.ops import DmlOp
from app.schema.core.recorded import RecordedOp


@pytest.mark.parametrize("sql", ["SELECT bio FROM account", 'SET x = "bio"', "a.bio", "lower(BIO)", "`bio`"])
def test_name_in_sql_is_found(sql: str) -> None:
    assert mentions(sql, "bio")


@pytest.mark.parametrize("sql", ["SELECT biography", "antibio", "my_bio", "x = 'bio'"])
def test_part_of_a_name_or_a_string_is_not_a_name(sql: str) -> None:
    assert not mentions(sql, "bio")


def _dml(kind: str, sql: str, *, from_query: bool = False) -> RecordedOp:
    return RecordedOp(DmlOp("rack", kind=kind, sql=sql, from_query=from_query))


@pytest.mark.parametrize(
    ("step", "copies"),
    [
        (_dml("update", "UPDATE rack SET text = label FROM shelf"), True),
        (_dml("insert", "INSERT INTO rack SELECT label FROM shelf", from_query=True), True),
        (_dml("insert", "INSERT INTO rack (label) VALUES ('shelf')"), False),
        (_dml("delete", "DELETE FROM shelf WHERE label = 'x'"), False),
        (RecordedOp(DropTableOp("shelf")), False),
    ],
)
def test_statement_that_carries_values_over(step: RecordedOp, copies: bool) -> None:
    assert bool(list(copies_of([step], "shelf", "label"))) is copies


@pytest.mark.parametrize(
    ("after", "dropped", "taken"),
    [
        (RenameTableOp("shelf_new", "shelf"), DropTableOp("shelf"), True),
        (RenameTableOp("shelf_new", "rack"), DropTableOp("shelf"), False),
        (AlterColumnOp("shelf", "n", modify_name="label"), DropColumnOp("shelf", "label"), True),
        (AlterColumnOp("book", "n", modify_name="label"), DropColumnOp("shelf", "label"), False),
    ],
)
def test_name_of_what_was_dropped_is_taken(
    after: MigrateOperation, dropped: MigrateOperation, taken: bool
) -> None:
    assert takes_the_name([RecordedOp(after)], RecordedOp(dropped)) is taken
