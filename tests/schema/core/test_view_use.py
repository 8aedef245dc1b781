from __future__ import annotations

import pytest

from app.schema.core.state import ColumnState, State, TableState, ViewState
from app.schema.core.view_use import has_star, others_reading, views_reading


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * FROM t", True),
        ("SELECT DISTINCT * FROM t", True),
        ("SELECT 1, t.* FROM t", True),
        ("SELECT count(*) FROM t", False),
        ("SELECT a * b FROM t", False),
    ],
)
def test_star_is_told_from_a_product_and_a_count(query: str, *, expected: bool) -> None:
    assert has_star(query) is expected


def test_views_that_name_the_column_or_all_columns_read_it() -> None:
    queries = {"named": "SELECT a FROM t", "all": "SELECT * FROM t", "other": "SELECT b FROM t"}
    views = {
        name: ViewState(name, sources=("t",), query=f"CREATE VIEW {name} AS {q}")
        for name, q in queries.items()
    }
    state = State(
        views={**views, "far": ViewState("far", sources=("u",), query="CREATE VIEW far AS SELECT a FROM u")}
    )
    assert [key for key, _ in views_reading(state, "t", "a")] == ["named", "all"]


def test_generated_columns_and_policies_read_what_they_name() -> None:
    table = TableState("t", columns={"b": ColumnState("b", computed=True, formula="lower(a)")})
    table.policies = {
        "own": "CREATE POLICY own ON t USING (a = current_user)",
        "a": "CREATE POLICY a ON t USING (b)",
    }
    assert list(others_reading(State(tables={"t": table}), "t", "a")) == ["generated column b", "policy own"]
