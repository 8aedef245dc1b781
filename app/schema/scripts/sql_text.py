"""Recorded operations → the SQL statements that they send to a server, without a database."""

from __future__ import annotations

import io
from itertools import groupby
from typing import TYPE_CHECKING, Any

from alembic.operations import BatchOperations, Operations
from alembic.operations.batch import BatchOperationsImpl
from alembic.operations.ops import ExecuteSQLOp
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import NullType

from ..core.ops import OpaqueOp
from .offline import offline_context

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alembic.runtime.migration import MigrationContext

    from ..core.recorded import RecordedOp
    from ..core.server import Server
    from ..core.state import ConstraintState, State, TableState

_SEPARATOR = ";\n\n"


def sql_of(step: RecordedOp, server: Server) -> tuple[str, ...]:
    """Return the statements of an operation that stands alone; none if it cannot be rendered."""
    if step.sql is not None:
        return (step.sql,)
    if isinstance(step.op, OpaqueOp):
        return ()
    return _emitted(server, lambda context: Operations(context).invoke(step.op))


def sql_of_rebuild(steps: Sequence[RecordedOp], state: State, server: Server) -> tuple[str, ...]:
    """Return the statements of a batch block that rebuilds its table; none if the table is not known in full."""
    table = state.table(steps[0].table)
    if table is None or not table.known:
        return ()
    return _emitted(server, lambda context: _rebuild(context, steps, table))


def grouped(steps: Sequence[RecordedOp]) -> Iterator[list[RecordedOp]]:
    """Yield the operations that are sent together: those of one rebuilding block, all others one by one."""
    numbered = enumerate(steps)
    for _, group in groupby(numbered, key=lambda item: _block(item[1]) or ("alone", item[0])):
        yield [step for _, step in group]


def _block(step: RecordedOp) -> tuple[str, int] | None:
    return ("block", step.batch.number) if step.batch is not None and step.batch.recreates else None


def _emitted(server: Server, act: Any) -> tuple[str, ...]:
    buffer = io.StringIO()
    context = offline_context(server, as_sql=True, output_buffer=buffer, literal_binds=True)
    try:
        act(context)
    except Exception:  # noqa: BLE001  (a type without SQL, a constraint that SQLite cannot add: it cannot be told)
        return ()
    return tuple(part.strip() for part in buffer.getvalue().split(_SEPARATOR) if part.strip())


def _rebuild(context: MigrationContext, steps: Sequence[RecordedOp], table: TableState) -> None:
    operations = Operations(context)
    impl: Any = BatchOperationsImpl(  # type: ignore[no-untyped-call]  # Alembic has no types here
        operations, table.name, table.schema, "always", _as_table(table), (), {}, (), {}, None, ()
    )
    block = BatchOperations(context, impl=impl)
    for step in steps:
        block.invoke(ExecuteSQLOp(step.sql) if step.sql else step.op)
    impl.flush()


def _as_table(table: TableState) -> Table:
    columns = [
        Column(
            name,
            column.type or NullType(),
            nullable=column.nullable is not False,
            server_default=text(column.default) if column.default else None,
        )
        for name, column in table.columns.items()
    ]
    made = Table(table.name, MetaData(), *columns, schema=table.schema)
    for constraint in table.constraints:
        _append(made, constraint)
    return made


def _append(table: Table, constraint: ConstraintState) -> None:
    if constraint.kind == "primary key":
        table.append_constraint(PrimaryKeyConstraint(*constraint.columns, name=constraint.name))
    elif constraint.kind == "unique":
        table.append_constraint(UniqueConstraint(*constraint.columns, name=constraint.name))
    elif constraint.kind == "check":
        table.append_constraint(CheckConstraint(constraint.expression or "", name=constraint.name))
    elif constraint.kind == "foreign key":
        targets = [f"{constraint.referred_table}.{name}" for name in constraint.referred_columns]
        table.append_constraint(ForeignKeyConstraint(constraint.columns, targets, name=constraint.name))
