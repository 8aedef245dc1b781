"""Operations that run outside a transaction: a writer makes them wait while their locks are read."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from app.schema.core import ops
from app.schema.core.server import Server
from app.schema.dialects.effects import effects_of
from app.schema.dialects.observe_waiting import observe_waiting
from tests.schema.dialects.effects.cases import Change, op, sql
from tests.schema.dialects.effects.postgresql_state import state_of

CHANGES = [
    op("create", lambda o: o.create_index("one", "heir", ["id"], postgresql_concurrently=True)),
    op("drop", lambda o: o.drop_index("one", "heir", postgresql_concurrently=True),
       before=["CREATE INDEX one ON heir (id)"]),
    op("drop without its table", lambda o: o.drop_index("two", postgresql_concurrently=True),
       before=["CREATE INDEX two ON heir (id)"]),
    sql("REINDEX INDEX CONCURRENTLY three", ops.ReindexOp("index", "three", concurrently=True),
        before=["CREATE INDEX three ON heir (id)"]),
    sql("REINDEX TABLE CONCURRENTLY heir", ops.ReindexOp("table", "heir", concurrently=True),
        before=["CREATE INDEX four ON heir (id)"]),
    sql("ALTER TABLE metric DETACH PARTITION metric_1 CONCURRENTLY",
        ops.DetachPartitionOp("metric", None, "metric_1", concurrently=True)),
    sql("VACUUM FULL heir", ops.RewriteTableOp("VACUUM FULL", "heir")),
]  # fmt: skip
TABLES = ("metric", "metric_1", "heir")


@pytest.mark.parametrize("change", [pytest.param(change, id=change.id) for change in CHANGES])
def test_locks_are_those_that_were_seen(change: Change, empty_engine: Engine, server: Server) -> None:
    with empty_engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS heir, metric, metric_1")
        connection.exec_driver_sql("CREATE TABLE heir AS SELECT generate_series(1, 300) AS id")
        connection.exec_driver_sql("CREATE TABLE metric (day integer) PARTITION BY RANGE (day)")
        connection.exec_driver_sql("CREATE TABLE metric_1 PARTITION OF metric FOR VALUES FROM (0) TO (9)")
        for statement in change.before:
            connection.exec_driver_sql(statement)
        state = state_of(connection)
    case = change.for_server(server)
    expected = {e.table: e.lock for step in case.steps for e in effects_of(step, state, server)}

    seen = observe_waiting(empty_engine, case.statements[0], [table for table in TABLES if table in expected])

    assert {table: str(lock) for table, lock in seen.items()} == expected


def test_statement_that_fails_says_why(empty_engine: Engine) -> None:
    with pytest.raises(Exception, match="nowhere"):
        observe_waiting(empty_engine, "CREATE INDEX CONCURRENTLY i ON nowhere (id)", [])
