"""What `op` and `alembic.context` are while a revision is recorded."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from alembic.ddl.postgresql import CreateExcludeConstraintOp
from alembic.operations import BatchOperations, Operations
from alembic.operations.batch import BatchOperationsImpl
from alembic.operations.ops import CreateTableOp, ExecuteSQLOp, MigrateOperation
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import CompileError
from sqlalchemy.sql.elements import ClauseElement

from ...core.ops import AddExclusionOp, OpaqueOp
from .connection import RecordingConnection
from .foreign import recognised

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.engine import Dialect

    from ...core.server import Server
    from .tape import Tape

# Arguments of batch_alter_table that follow `recreate`, in Alembic's order.
_BATCH_DEFAULTS: dict[str, Any] = {
    "copy_from": None,
    "table_args": (),
    "table_kwargs": {},
    "reflect_args": (),
    "reflect_kwargs": {},
    "naming_convention": None,
    "partial_reordering": (),
}


_ONE_STATEMENT_ON_ROWS = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE)\b[^;]*;?\s*\Z", re.IGNORECASE)


class _Recorder:
    """Turns what a revision does into entries on a tape."""

    tape: Tape

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def operation(self, op: MigrateOperation) -> None:
        """Record an operation; raw SQL is read first."""
        self.tape.count()
        if isinstance(op, ExecuteSQLOp):
            self.statement(op.sqltext, None, "sql")
        elif isinstance(op, CreateExcludeConstraintOp):
            # SQL says it in one way only, and so must what is judged.
            name = str(op.constraint_name) if op.constraint_name else None
            self.tape.add(AddExclusionOp(str(op.table_name), op.schema, name))
        else:
            self.tape.add(op)

    def statement(self, statement: Any, _parameters: Any, source: Any = "bind") -> None:
        """Record a statement given as text or as a SQLAlchemy construct."""
        self.tape.count()
        try:
            sql = self._compiled(statement)
        except (CompileError, NotImplementedError, AttributeError, TypeError) as error:
            self.tape.add(OpaqueOp(f"the statement cannot be rendered: {error}"), source=source)
            return
        self.sql(sql, source)

    def sql(self, sql: str, source: Any) -> None:
        """Record SQL text as the operations that it stands for.

        A revision that is only replayed needs no rows: one statement that reads or changes rows is then not parsed.
        """
        if not self.tape.places and _ONE_STATEMENT_ON_ROWS.match(sql):
            return
        last = None
        for translated in _translated(sql, self.tape.server):
            again = translated.statement == last
            self.tape.add(
                translated.op,
                source=source,
                sql=translated.sql,
                clauses=translated.clauses,
                same_statement=again,
            )
            last = translated.statement

    def _compiled(self, statement: Any) -> str:
        if isinstance(statement, str):
            return statement
        if not isinstance(statement, ClauseElement):
            raise TypeError(f"{type(statement).__name__} is not SQL")
        try:
            return str(statement.compile(dialect=self.dialect, compile_kwargs={"literal_binds": True}))
        except CompileError:
            return str(statement.compile(dialect=self.dialect))


@lru_cache(maxsize=256)
def _translated(sql: str, server: Server) -> Sequence[Any]:
    """Translate SQL; a loop that sends one text many times pays once."""
    # The SQL parser is loaded for a revision that holds SQL, not for every start of `flask db`.
    from ..sql import translate

    return translate(sql, server)


class RecordingBatch(BatchOperations):
    """`batch_op`: records instead of acting."""

    recorder: _Recorder

    def invoke(self, operation: MigrateOperation) -> Any:
        """Record the operation, and on SQLite let Alembic note it too: it knows which blocks rebuild the table."""
        self.recorder.operation(operation)
        return super().invoke(operation) if self.recorder.dialect.name == "sqlite" else None


class RecordingOperations(Operations):
    """`op`: records instead of acting."""

    def __init__(self, context: RecordingContext, recorder: _Recorder) -> None:
        super().__init__(context)
        self._recorder = recorder

    def invoke(self, operation: MigrateOperation) -> Any:
        """Record the operation; a new table is returned, because revisions insert into it."""
        self._recorder.operation(operation)
        return operation.to_table(self.migration_context) if isinstance(operation, CreateTableOp) else None

    def get_bind(self) -> Any:
        """Return the recording connection."""
        return self.migration_context.connection

    @contextmanager
    def batch_alter_table(  # type: ignore[override]
        self, table_name: str, schema: str | None = None, recreate: str = "auto", **kw: Any
    ) -> Iterator[BatchOperations]:
        """Record what stands in the block; nothing is flushed at its end."""
        impl: Any = BatchOperationsImpl(  # type: ignore[no-untyped-call]  # Alembic has no types here
            self,
            table_name,
            schema,
            recreate,
            *(kw.get(name, default) for name, default in _BATCH_DEFAULTS.items()),
        )
        block = RecordingBatch(self.migration_context, impl=impl)
        block.recorder = self._recorder
        given = frozenset((*kw, *(kw.get("table_kwargs") or ()), *(kw.get("reflect_kwargs") or ())))
        has_copy = kw.get("copy_from") is not None
        with self._recorder.tape.batch(table_name, schema, copy_from=has_copy, given=given) as mark:
            yield block
            mark(recreates=impl._should_recreate())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **kw: self._unknown(name, args, kw)

    def _unknown(self, verb: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> None:
        known = recognised(verb, arguments, keywords)
        reason = f"op.{verb} is an operation that is not installed here"
        for operation in [OpaqueOp(reason)] if known is None else known:
            self._recorder.operation(operation)


class RecordingContext(MigrationContext):
    """`op.get_context()`: knows the dialect, has no database."""

    recorder: _Recorder

    @classmethod
    def make(cls, dialect: Dialect) -> tuple[RecordingContext, RecordingOperations]:
        """Return a context and its operations; `attach` gives them a tape to write on."""
        recorder = _Recorder(dialect)
        connection: Any = RecordingConnection(dialect, recorder.statement)
        context = cls(dialect, connection, {"output_buffer": io.StringIO()})
        context.recorder = recorder
        return context, RecordingOperations(context, recorder)

    def attach(self, tape: Tape) -> None:
        """Write on this tape from now on."""
        connection: Any = self.connection
        self.recorder.tape = connection.tape = tape

    def autocommit_block(self) -> Any:
        """Record what follows as running outside a transaction."""
        return self.recorder.tape.autocommit_block()


class RecordingEnvironment:
    """`alembic.context`, as far as revisions use it: online, without -x arguments."""

    def __init__(self, context: RecordingContext) -> None:
        self._context = context

    def get_context(self) -> RecordingContext:
        """Return the migration context."""
        return self._context

    def get_bind(self) -> Any:
        """Return the recording connection."""
        return self._context.connection

    def get_impl(self) -> Any:
        """Return what Alembic knows about the dialect."""
        return self._context.impl

    def is_offline_mode(self) -> bool:
        """Say no: what an upgrade really runs is recorded."""
        return False

    def get_x_argument(self, as_dictionary: bool = False) -> Any:
        """Return no arguments."""
        return {} if as_dictionary else []

    def execute(self, sql: Any, _execution_options: Any = None) -> None:
        """Record SQL."""
        self._context.impl.execute(sql)
