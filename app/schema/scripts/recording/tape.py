"""What a revision has done so far, with its place in the file, its transaction and its batch block."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from alembic.operations.ops import BulkInsertOp, CreateTableOp, MigrateOperation

from ...core.ops import DmlOp, HarmlessOp, OpaqueOp, SelectOp, SettingOp, TransactionOp
from ...core.recorded import Batch, RecordedOp
from .default_schema import without_default_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ...core.server import Server
    from ...core.state import State
    from .module import Module

# Operations that do not end the transaction where DDL does.
_NOT_DDL = (BulkInsertOp, DmlOp, SelectOp, SettingOp, HarmlessOp, OpaqueOp)
# A revision that loops until the database answers would never end: there is no database.
MOST_STATEMENTS = 5_000


class TooManyOperationsError(Exception):
    """The revision does not come to an end without a database."""


class Tape:
    """Collects the operations of one direction of one revision."""

    def __init__(
        self, module: Module, server: Server, *, places: bool = True, schema: State | None = None
    ) -> None:
        """Start an empty tape; without `places` no operation is given its line, which is faster."""
        self.module = module
        self.places = places
        self.server = server
        self.operations: list[RecordedOp] = []
        self.reads_data = False
        self.schema = schema
        self.asks_schema = False
        self.asked_for: list[str] = []
        self._transaction = 0
        self._statement = 0
        self._batches = 0
        self._sent = 0
        self._autocommit = 0
        self._batch: Batch | None = None

    def add(
        self,
        op: MigrateOperation,
        *,
        source: Literal["op", "sql", "bind"] = "op",
        sql: str | None = None,
        clauses: Mapping[str, str] | None = None,
        same_statement: bool = False,
    ) -> None:
        """Record one operation at the line of the revision that is running."""
        if self.server.engine == "postgresql":
            without_default_schema(op)
        if isinstance(op, CreateTableOp):
            _make_once(op)
        self._statement += not same_statement
        own_transaction = self._starts_transaction(op) and not same_statement
        self._transaction += own_transaction
        line, end_line = self._place()
        self.operations.append(
            RecordedOp(
                op,
                line=line,
                end_line=end_line,
                autocommit=bool(self._autocommit),
                transaction=self._transaction,
                statement=self._statement,
                batch=self._batch,
                source=source,
                sql=sql,
                clauses=clauses or {},
            )
        )
        self._transaction += isinstance(op, TransactionOp) and op.kind in ("commit", "rollback")

    def count(self) -> None:
        """Count a statement that was sent.

        :raise TooManyOperationsError: there were so many that the revision does not seem to come to an end.
        """
        self._sent += 1
        if self._sent > MOST_STATEMENTS:
            raise TooManyOperationsError

    def add_at_end(self, op: MigrateOperation) -> None:
        """Record how the revision ended; the place is that of its last operation."""
        last = self.operations[-1] if self.operations else None
        self.add(op)
        if last is not None and not self.operations[-1].line:
            self.operations[-1] = replace(self.operations[-1], line=last.line, end_line=last.end_line)

    @contextmanager
    def autocommit_block(self) -> Iterator[None]:
        """Record what follows as running outside a transaction."""
        self._autocommit += 1
        try:
            yield
        finally:
            self._autocommit -= 1
            self._transaction += 1

    @contextmanager
    def batch(
        self, table: str, schema: str | None, *, copy_from: bool, given: frozenset[str] = frozenset()
    ) -> Iterator[Callable[..., None]]:
        """Record what follows as standing in a `batch_alter_table` block.

        Yields a function to be called at the block's end with `recreates`: the block as a whole decides that.
        """
        self._batches += 1
        start, outer = len(self.operations), self._batch
        self._batch = Batch(
            self._batches, table, schema, recreates=False, has_copy_from=copy_from, given=given
        )
        try:
            yield lambda *, recreates: self._mark_rebuild(start, recreates=recreates)
        finally:
            self._batch = outer

    def _mark_rebuild(self, start: int, *, recreates: bool) -> None:
        for position, step in enumerate(self.operations[start:], start):
            if step.batch is not None:
                self.operations[position] = replace(step, batch=replace(step.batch, recreates=recreates))

    def _starts_transaction(self, op: MigrateOperation) -> bool:
        if self._autocommit:
            return True
        return not self.server.transactional_ddl and not isinstance(op, _NOT_DDL)

    def _place(self) -> tuple[int, int]:
        """Return the lines of the statement of the revision file that is running now."""
        if not self.places:
            return 0, 0
        frame = sys._getframe(1)
        name = str(self.module.path)
        while frame is not None:
            if frame.f_code.co_filename == name:
                return self.module.spans.get(frame.f_lineno, (frame.f_lineno, frame.f_lineno))
            frame = frame.f_back  # type: ignore[assignment]
        return 0, 0


def _make_once(op: CreateTableOp) -> None:
    """Let everybody share one table: Alembic loses the foreign keys of columns when it makes it a second time."""
    table = op.to_table()
    op.to_table = lambda *_args, **_options: table  # type: ignore[method-assign]
