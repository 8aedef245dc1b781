from __future__ import annotations

import pytest

from app.schema.core.partition_bounds import bounds_of, proves_bounds
from app.schema.core.state import ColumnState, ConstraintState, TableState

RANGE = "ALTER TABLE a ATTACH PARTITION b FOR VALUES FROM (10) TO (20)"


def _table(expression: str, *, nullable: bool = False, validated: bool = True) -> TableState:
    check = ConstraintState("check", "ck", expression=expression, validated=validated)
    return TableState("b", columns={"n": ColumnState("n", nullable=nullable)}, constraints=[check])


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        (_table("n >= 10 AND n < 20"), RANGE),
        (_table("n IS NOT NULL AND n >= 10 AND n < 20", nullable=True), RANGE),
        (_table("n IN (1, 2)"), "ALTER TABLE a ATTACH PARTITION b FOR VALUES IN (1, 2)"),
        (_table("n < 20"), "ALTER TABLE a ATTACH PARTITION b FOR VALUES FROM (MINVALUE) TO (20)"),
    ],
)
def test_check_with_every_bound_proves_them(table: TableState, statement: str) -> None:
    assert proves_bounds(table, statement)


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        (_table("n >= 10"), RANGE),
        (_table("n >= 10 AND n < 20", nullable=True), RANGE),
        (_table("n >= 10 AND n < 20", validated=False), RANGE),
        (_table("n >= 10"), "ALTER TABLE a ATTACH PARTITION b DEFAULT"),
        (None, RANGE),
    ],
)
def test_anything_less_does_not(table: TableState | None, statement: str) -> None:
    assert not proves_bounds(table, statement)


def test_bounds_are_what_stands_behind_for_values() -> None:
    assert bounds_of(RANGE) == "FROM (10) TO (20)"
    assert bounds_of("ALTER TABLE a ATTACH PARTITION b DEFAULT") == ""
