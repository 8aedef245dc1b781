from __future__ import annotations

import ast

import pytest

from app.schema.core.source import executed


@pytest.mark.parametrize(
    "sql",
    ["SELECT 1", "SELECT 'a'", 'SELECT "a"', "SELECT 1,\n       2", "SELECT \"a\",\n'b'", "SELECT E'\\n'"],
)
def test_line_runs_what_was_given(sql: str) -> None:
    (statement,) = ast.parse(executed(sql)).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    assert ast.literal_eval(statement.value.args[0]) == sql


def test_statements_stand_below_each_other_without_those_that_are_missing() -> None:
    assert executed("SELECT 1", None, "SELECT 2") == 'op.execute("SELECT 1")\nop.execute("SELECT 2")'
