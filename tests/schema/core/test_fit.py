from __future__ import annotations

from dataclasses import replace

from app.schema.core.fit import Fit
from app.schema.core.snapshot import Other, Snapshot, Table
from app.schema.core.table_parts import Column, Index

ONE = Table("one", columns=(Column("id", "integer"), Column("name", "text")))
BEFORE = replace(ONE, columns=ONE.columns[:1])
TWO = Table("two", columns=tuple(Column(f"c{number}", "integer") for number in range(9)))
THREE = Table("three", columns=(Column("id", "integer"),))


def schema(*tables: Table) -> Snapshot:
    return Snapshot("postgresql", {table.key: table for table in tables})


STAGES = [schema(), schema(BEFORE), schema(ONE), schema(ONE, TWO), schema(ONE, TWO, THREE)]


def weights(live: Snapshot) -> list[int]:
    fit = Fit(live, STAGES)
    return [fit.of(stage) for stage in STAGES]


def best(live: Snapshot) -> int:
    found = weights(live)
    return found.index(min(found[1:]), 1)


def test_stage_that_is_the_live_schema_weighs_nothing() -> None:
    for number, stage in enumerate(STAGES):
        assert weights(stage)[number] == 0
        assert sum(weight == 0 for weight in weights(stage)) == 1


def test_what_is_missing_weighs_more_than_a_table_that_is_there_too_early() -> None:
    assert best(schema(BEFORE, TWO)) == 1


def test_table_that_differs_does_not_make_the_stage_before_it_fit_better() -> None:
    changed = replace(
        TWO, columns=(*TWO.columns[:5], *(replace(each, type="text") for each in TWO.columns[5:]))
    )
    assert best(schema(ONE, changed)) == 3


def test_table_that_was_dropped_by_hand_does_not_make_the_stage_before_it_fit_better() -> None:
    assert best(schema(TWO, THREE)) == 4


def test_what_no_revision_makes_does_not_count() -> None:
    stranger = Table("stranger", columns=TWO.columns)
    view = {"view v": Other("view", "v", None, ())}
    assert weights(Snapshot("postgresql", {"one": ONE, "stranger": stranger}, view)) == weights(schema(ONE))
    assert Fit(schema(stranger), STAGES).nothing
    assert not Fit(schema(ONE), STAGES).nothing


def test_index_that_is_missing_counts() -> None:
    indexed = replace(ONE, indexes=(Index("ix", automatic=False, parts=("name",)),))
    assert Fit(schema(ONE), [schema(indexed)]).of(schema(indexed)) == 2
    assert Fit(schema(indexed), [schema(ONE)]).of(schema(ONE)) == 1
