"""What `op.get_bind()` returns while a revision is recorded: it takes every statement and has no rows to give."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine.mock import MockConnection
from sqlalchemy.inspection import _inspects

from ...core.ops import TransactionOp
from .inspector import answer, known_table
from .nothing import Nothing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.engine import Dialect

    from .tape import Tape


class EmptyResult:
    """The answer to every query: nothing, and a note that something was asked."""

    returns_rows = True

    def __init__(self, tape: Tape) -> None:
        self._tape = tape

    @property
    def rowcount(self) -> int:
        """Say that no row was touched: a loop over batches ends. What was read decides nothing else."""
        self._tape.count()
        return 0

    def _nothing(self, value: Any) -> Any:
        self._tape.reads_data = True
        self._tape.count()
        return value

    def __iter__(self) -> Iterator[Any]:
        return iter(self._nothing(()))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in (
            "scalars",
            "mappings",
            "unique",
            "yield_per",
            "execution_options",
            "columns",
            "partitions",
        ):
            return lambda *_a, **_k: self
        one = ("scalar", "scalar_one", "scalar_one_or_none", "one", "one_or_none", "first", "fetchone")
        return lambda *_a, **_k: self._nothing(Nothing() if name in one else [])


class RecordingConnection(MockConnection):
    """A connection without a database. `record` is told each statement; the results are empty.

    :param record: called with the statement (text or SQLAlchemy construct) and its parameters.
    """

    tape: Tape

    def __init__(self, dialect: Dialect, record: Callable[[Any, Any], None]) -> None:
        super().__init__(dialect, lambda statement, parameters: self._record(statement, parameters))
        self._record_statement = record

    def _record(self, statement: Any, parameters: Any) -> EmptyResult:
        self._record_statement(statement, parameters)
        return EmptyResult(self.tape)

    def exec_driver_sql(self, statement: str, parameters: Any = None, **_kw: Any) -> EmptyResult:
        """Record a statement in the driver's own spelling."""
        return self._record(statement, parameters)

    def scalar(self, statement: Any, parameters: Any = None, **_kw: Any) -> Any:
        """Record a query; the answer is nothing."""
        return self._record(statement, parameters).scalar()

    def scalars(self, statement: Any, parameters: Any = None, **_kw: Any) -> EmptyResult:
        """Record a query; the answer is nothing."""
        return self._record(statement, parameters)

    def in_transaction(self) -> bool:
        """Say that the migration has begun a transaction, as it has when it runs."""
        return True

    def get_transaction(self) -> RecordingTransaction:
        """Return the transaction."""
        return RecordingTransaction(self.tape)

    def get_isolation_level(self) -> str:
        """Return the level that every engine offers."""
        return "READ COMMITTED"

    def commit(self) -> None:
        """Record a commit by hand."""
        self.tape.add(TransactionOp("commit"), source="bind")

    def rollback(self) -> None:
        """Record a rollback by hand."""
        self.tape.add(TransactionOp("rollback"), source="bind")

    def close(self) -> None:
        """Do nothing."""

    @contextmanager
    def begin(self) -> Iterator[RecordingTransaction]:
        """Stand for a transaction in the transaction that is there already."""
        yield RecordingTransaction(self.tape)

    begin_nested = begin

    def __enter__(self) -> RecordingConnection:
        return self

    def __exit__(self, *_exc: object) -> None:
        return None


class RecordingTransaction:
    """A transaction object whose commit and rollback are recorded."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape

    def commit(self) -> None:
        """Record a commit by hand."""
        self._tape.add(TransactionOp("commit"), source="bind")

    def rollback(self) -> None:
        """Record a rollback by hand."""
        self._tape.add(TransactionOp("rollback"), source="bind")

    def is_valid(self) -> bool:
        """Say that the transaction is open."""
        return True


class EmptyInspector:
    """What `sqlalchemy.inspect(op.get_bind())` returns: the tables of the history, as far as they are given.

    Else an empty database, and a note that something was asked.
    """

    def __init__(self, connection: RecordingConnection) -> None:
        self._tape = connection.tape
        self._result = EmptyResult(connection.tape)
        self.bind = connection
        self.dialect = connection.dialect

    @contextmanager
    def _inspection_context(self) -> Iterator[EmptyInspector]:
        """Serve `Table(…, autoload_with=…)` and `MetaData.reflect()`, which ask through this."""
        yield self

    def has_table(self, table_name: object, schema: object = None, **_kw: Any) -> bool:
        """Say yes for a table of the history; no is certain only if the revision then creates it."""
        self._tape.asks_schema = True
        if known_table(self._tape.schema, table_name, schema):
            return True
        if self._tape.schema is None:
            return bool(self._result._nothing(value=False))
        self._tape.asked_for.append(str(table_name))
        return False

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        empty: Any = {} if name in ("get_pk_constraint", "get_table_comment", "get_table_options") else []
        return lambda *a, **k: self._answer(name, empty, *a, **k)

    def _answer(self, question: str, empty: Any, *arguments: Any, **keywords: Any) -> Any:
        self._tape.asks_schema = True
        schema = keywords.get("schema", arguments[1] if len(arguments) > 1 else None)
        table = known_table(
            self._tape.schema, keywords.get("table_name", next(iter(arguments), None)), schema
        )
        found = answer(question, table) if table is not None else None
        return self._result._nothing(empty) if found is None else found


@_inspects(RecordingConnection)
def _inspector(connection: RecordingConnection) -> EmptyInspector:
    return EmptyInspector(connection)
