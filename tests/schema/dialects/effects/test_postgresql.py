from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.schema.core.effect import Effect, Lock
from app.schema.dialects.effects import effects_of, strongest
from app.schema.dialects.observe import ObservedEffect, observe
from tests.schema.dialects.effects.postgresql_cases import CHANGES, SCHEMA
from tests.schema.dialects.effects.postgresql_state import state_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from app.schema.core.server import Server
    from app.schema.core.state import State

    from .cases import Case, Change

BESIDE_TABLES = ("names", "counted", "counter")
# These come along with other operations and keep nobody waiting.
INCIDENTAL = (Lock.ACCESS_SHARE, Lock.ROW_SHARE, Lock.ROW_EXCLUSIVE)


@pytest.fixture
def case(change: Change, engine: Engine, server: Server) -> Iterator[Case]:
    case = change.for_server(server)
    if not case.runs_on(server):
        pytest.skip(f"{server} does not know the syntax")
    with engine.begin() as connection:
        for statement in case.before:
            connection.exec_driver_sql(statement)
    yield case
    if case.before:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            connection.exec_driver_sql(SCHEMA)


def predicted(case: Case, state: State, server: Server) -> dict[str, Effect]:
    found: dict[str, Effect] = {}
    for step in case.steps:
        for effect in effects_of(step, state, server):
            found[effect.table] = strongest(found[effect.table], effect) if effect.table in found else effect
    return {
        table: effect for table, effect in found.items() if table in state.tables or table in BESIDE_TABLES
    }


def shown(effect: Effect | ObservedEffect, state: State) -> str:
    """What the two must agree on: a rewrite builds all indexes and reads all rows, an index reads all rows."""
    table = state.table(effect.table)
    parts = ("rewrites", "builds_index", "scans") if table is None or not table.partitioned else ()
    work = next((word for word in parts if getattr(effect, word)), "waits for no work")
    return f"{effect.table}: {effect.lock}, blocks {effect.blocks}, {work}"


@pytest.mark.parametrize("change", [pytest.param(change, id=change.id) for change in CHANGES])
def test_prediction_equals_observation(case: Case, engine: Engine, server: Server) -> None:
    with engine.connect() as connection:
        state = state_of(connection)
    expected = predicted(case, state, server)

    seen = {effect.table: effect for effect in observe(engine, case.statements)}

    found = {
        shown(seen[table], state) for table in seen if table in expected or seen[table].lock not in INCIDENTAL
    }
    assert found == {shown(effect, state) for effect in expected.values() if effect.lock != "NONE"}
    assert all(effect.evidence for effect in expected.values())
