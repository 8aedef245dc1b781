"""Facts of the connected database for the revisions that are judged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alembic.operations import ops

from ..dialects import violations
from ..dialects.facts import gather
from .servers import server_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from ..core.facts import Facts, Violation
    from ..core.recorded import RecordedOp


def live_facts(connection: Connection, steps: Iterable[RecordedOp] = ()) -> Facts:
    """Return statistics, and what is in the way of the given operations.

    :param steps: operations that are judged; NULLs, duplicates and orphans are counted for those that they break.
        Counting reads the tables concerned.
    """
    facts = gather(connection, server_of(connection))
    nulls, duplicates, orphans = {}, {}, {}
    for step in steps:
        if null := _nulls(connection, step):
            nulls[null.table, null.columns[0]] = null
        if twice := _duplicates(connection, step):
            duplicates[twice.table, twice.columns] = twice
        if isinstance(step.op, ops.CreateForeignKeyOp) and step.table:
            columns, parent = tuple(map(str, step.op.local_cols)), _parent(step.op)
            found = violations.orphans(
                connection, step.table, columns, parent, tuple(map(str, step.op.remote_cols))
            )
            if found:
                orphans[step.table, columns, parent] = found
    return replace(facts, nulls=nulls, duplicates=duplicates, orphans=orphans)


def _nulls(connection: Connection, step: RecordedOp) -> Violation | None:
    if isinstance(step.op, ops.AlterColumnOp) and step.op.modify_nullable is False and step.table:
        return violations.nulls(connection, step.table, str(step.op.column_name))
    return None


def _duplicates(connection: Connection, step: RecordedOp) -> Violation | None:
    """Unique constraints, primary keys and unique indexes on plain columns."""
    op = step.op
    unique = isinstance(op, (ops.CreateUniqueConstraintOp, ops.CreatePrimaryKeyOp)) or (
        isinstance(op, ops.CreateIndexOp) and op.unique and not op.kw.get("postgresql_where")
    )
    columns = getattr(op, "columns", ())
    if not unique or not step.table or not all(isinstance(name, str) for name in columns):
        return None
    return violations.duplicates(connection, step.table, tuple(columns))


def _parent(op: ops.CreateForeignKeyOp) -> str:
    schema = op.kw.get("referent_schema")
    return f"{schema}.{op.referent_table}" if schema else op.referent_table
