"""The text of a table, taken apart and put together again."""

from __future__ import annotations

import sqlite3

import pytest

from app.schema.dialects.rebuild.cursor import UnreadableTable
from app.schema.dialects.rebuild.lexer import normalized, text_of, tokens_of
from app.schema.dialects.rebuild.parser import table_of

TEXTS = [
    "CREATE TABLE t (a, b INT -- one, (\n, c TEXT DEFAULT 'it''s )' /* , */) WITHOUT ROWID, STRICT",
    "CREATE TABLE t ('a' INTEGER PRIMARY KEY DESC, [b c] NUMERIC(5, 2) DEFAULT -1.5 NULL, `d` DEFAULT (1 + (2)))",
    "CREATE TABLE t (a REFERENCES o ON DELETE SET NULL ON UPDATE SET DEFAULT NOT DEFERRABLE INITIALLY IMMEDIATE)",
    "CREATE TABLE t (a INT CONSTRAINT one CONSTRAINT two NOT NULL ON CONFLICT IGNORE, b AS (a) STORED)",
    "CREATE TABLE t (a, b, FOREIGN KEY (a, b) REFERENCES o (x, y) MATCH FULL, UNIQUE (a COLLATE NOCASE DESC, b))",
]


@pytest.mark.parametrize("text", TEXTS)
def test_text_is_put_together_as_it_was(text: str) -> None:
    assert text_of(tokens_of(text)) == text
    assert normalized(table_of(text).sql("t")) == normalized(text)


def test_constraints_of_a_table_need_no_comma() -> None:
    text = "CREATE TABLE t (a INT, b INT, CHECK (a > 0) CHECK (b > 0) UNIQUE (a) ON CONFLICT FAIL)"
    table = table_of(text)
    assert [clause.kind for clause in table.constraints] == ["check", "check", "unique"]
    with sqlite3.connect(":memory:") as connection:
        connection.execute(table.sql("t"))
    connection.close()


@pytest.mark.parametrize(
    "text", ["CREATE VIEW v AS SELECT 1", "CREATE TABLE t (a", "CREATE TABLE t (a INT, CHECK a)"]
)
def test_text_that_is_no_table_is_not_guessed_at(text: str) -> None:
    with pytest.raises(UnreadableTable):
        table_of(text)
