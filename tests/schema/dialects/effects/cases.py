"""One change of a schema for the tests: as `op.…`, or as SQL with the operation that it is read as."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import StringIO
from typing import TYPE_CHECKING, Any, Literal

from alembic.migration import MigrationContext
from alembic.operations import Operations

from app.schema.core.recorded import RecordedOp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from alembic.operations.ops import MigrateOperation

    from app.schema.core.server import Server


@dataclass(frozen=True)
class Case:
    """`steps` are the operations that `statements` of SQL stand for; `before` prepares the schema.

    `since` and `until` are the versions that know the syntax: `until` does not.
    """

    id: str
    steps: Sequence[RecordedOp]
    statements: Sequence[str]
    before: Sequence[str] = ()
    since: tuple[int, ...] = ()
    until: tuple[int, ...] = (999,)
    engines: tuple[str, ...] = ()

    def runs_on(self, server: Server) -> bool:
        return server.engine in self.engines and self.since <= server.version < self.until


@dataclass(frozen=True)
class Change:
    """A case that is not rendered yet, because how Alembic renders depends on the server."""

    id: str
    write: Callable[[Operations], Any] | None = None
    op: MigrateOperation | None = None
    sql: str = ""
    clauses: Mapping[str, str] = field(default_factory=dict)
    before: Sequence[str] = ()
    since: tuple[int, ...] = ()
    until: tuple[int, ...] = (999,)
    source: Literal["op", "sql"] = "op"
    engines: tuple[str, ...] = ("postgresql", "mariadb", "mysql")

    def for_server(self, server: Server) -> Case:
        if self.write is None:
            assert self.op is not None
            steps: list[MigrateOperation] = [self.op]
            statements = [self.sql]
        else:
            steps, statements = rendered(self.write, server)
        recorded = [RecordedOp(step, clauses=self.clauses, source=self.source) for step in steps]
        return Case(self.id, recorded, statements, self.before, self.since, self.until, self.engines)


class Recorder(Operations):
    """Alembic's operations that also remember themselves."""

    def __init__(self, context: MigrationContext) -> None:
        super().__init__(context)
        self.seen: list[MigrateOperation] = []

    def invoke(self, operation: MigrateOperation) -> Any:
        self.seen.append(operation)
        return super().invoke(operation)


def rendered(write: Callable[[Operations], Any], server: Server) -> tuple[list[MigrateOperation], list[str]]:
    """Return the operations that a piece of a migration calls, and the SQL that Alembic makes of them."""
    output = StringIO()
    context = MigrationContext.configure(
        dialect=server.dialect(), opts={"as_sql": True, "output_buffer": output, "transactional_ddl": False}
    )
    recorder = Recorder(context)
    write(recorder)
    statements = [statement.strip() for statement in output.getvalue().split(";\n\n")]
    return recorder.seen, [statement for statement in statements if statement]


def op(id_: str, write: Callable[[Operations], Any], **more: Any) -> Change:
    return Change(id_, write=write, **more)


def sql(statement: str, operation: MigrateOperation, **more: Any) -> Change:
    return Change(statement, op=operation, sql=statement, **more)
