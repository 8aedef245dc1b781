"""Takes Alembic's place where it rebuilds a table of SQLite, for all revisions of one run.

Alembic does everything that a `batch_alter_table` block needs through its `SQLiteImpl`. While revisions run, this one
stands before it: whoever started the run, whoever wrote the revision.
"""

from __future__ import annotations

import warnings
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.sql import Insert

from .catalogue import Catalogue
from .intent import Retyped
from .memory import Memory
from .rebuilding import Rebuilding
from .rows import unique_explained

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alembic.operations.batch import ApplyBatchImpl
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import Column, Index, Table

_OLDEST = (3, 26)
"""The first SQLite that has RENAME COLUMN and a `legacy_alter_table` to switch on."""

# What is no longer true here, or of no consequence, since nothing is made from what was reflected.
_UNTRUE = (
    (r"Unnamed CHECK constraint on reflected table", UserWarning),
    (r"Skipped unsupported reflection of expression-based index", Warning),
    (r".*SQL-parsed foreign key constraint", Warning),
)


@contextmanager
def keeping(context: MigrationContext, tell: Callable[[str], None]) -> Iterator[None]:
    """Keep, inside the block, what a rebuild would lose.

    :param context: of the database, connected.
    :param tell: is given one line about each thing that goes with what a revision drops.
    """
    connection: Any = context.connection
    if connection.dialect.dbapi.sqlite_version_info < _OLDEST:
        yield
        return
    impl: Any = context.impl
    before = type(impl)
    memory = Memory(connection)
    with ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        for message, category in _UNTRUE:
            warnings.filterwarnings("ignore", message, category)
        for name, listener in memory.listeners.items():
            event.listen(connection, name, listener)
            stack.callback(event.remove, connection, name, listener)
        callbacks = context.on_version_apply_callbacks
        context.on_version_apply_callbacks = (memory.on_version, *callbacks)
        impl.__class__, impl.blocks = _keeping(before), Blocks(context, memory, tell)
        stack.enter_context(_real_transactions(context))
        try:
            yield
        finally:
            impl.__class__ = before
            context.on_version_apply_callbacks = callbacks


@contextmanager
def _real_transactions(context: MigrationContext) -> Iterator[None]:
    """Say that a failed revision can be rolled back, where env.py did not: see `SQLite.prepared`.

    Alembic began no outer transaction then, so that each revision gets its own.
    """
    impl, before = context.impl, context._transaction_per_migration
    if impl.transactional_ddl or context._in_external_transaction:
        yield
        return
    impl.transactional_ddl = context._transaction_per_migration = True
    try:
        yield
    finally:
        impl.transactional_ddl, context._transaction_per_migration = False, before


class Blocks:
    """The `batch_alter_table` blocks of one run, one after the other.

    :param tell: is given one line about each thing that goes with what a revision drops.
    """

    def __init__(self, context: MigrationContext, memory: Memory, tell: Callable[[str], None]) -> None:
        connection: Any = context.connection
        self.connection = connection
        self.dialect = context.dialect
        self.memory = memory
        self.tell = tell
        self._current: Rebuilding | None = None
        self._retyped: dict[Column[Any], Retyped] = {}

    def retype(self, column: Column[Any], new: Any) -> None:
        """Note that a revision states the type of a column."""
        before = self._retyped.get(column)
        self._retyped[column] = Retyped(before.old if before else column.type, new)

    def begin(self, batch: ApplyBatchImpl) -> None:
        """Begin to rebuild a table; a virtual or temporary one is left to Alembic."""
        retyped, self._retyped, self._current = self._retyped, {}, None
        text = Catalogue(self.connection, batch.table.schema).sql_of(str(batch.table.name))
        if text is None or not text.upper().startswith("CREATE TABLE"):
            return
        self._current = Rebuilding(self.connection, self.dialect, batch, retyped, self.tell)
        with self._current.step():
            self._current.prepare()

    def of(self, table: Any) -> Rebuilding | None:
        """The block that is under way, if a table is its old or its new one."""
        current = self._current
        tables = (current.batch.table, current.new_table) if current is not None else ()
        return current if any(table is it for it in tables) else None

    def of_rename(self, old: str, new: str) -> Rebuilding | None:
        """The block whose new table is about to get its name."""
        current = self._current
        return current if current is not None and (old, new) == (current.temporary, current.table) else None


class Keeping:
    """Stands before Alembic's implementation of the operations; the base class is mixed in by `keeping`."""

    blocks: Blocks

    def cast_for_batch_migrate(self, existing: Column[Any], existing_transfer: Any, new_type: Any) -> None:
        """Note which columns get a type."""
        self.blocks.retype(existing, new_type)
        super().cast_for_batch_migrate(existing, existing_transfer, new_type)  # type: ignore[misc]

    def prep_table_for_batch(self, batch_impl: ApplyBatchImpl, table: Table) -> None:
        """Begin a rebuild."""
        super().prep_table_for_batch(batch_impl, table)  # type: ignore[misc]
        self.blocks.begin(batch_impl)

    def create_table(self, table: Table, **kw: Any) -> None:
        """Create the copy of a table from the table's own text."""
        rebuilding = self.blocks.of(table)
        if rebuilding is None:
            super().create_table(table, **kw)  # type: ignore[misc]
            return
        if rebuilding.is_open:
            with rebuilding.step():
                if rebuilding.statement is None:
                    super().create_table(table, **kw)  # type: ignore[misc]
                else:
                    rebuilding.create(rebuilding.statement)

    def _exec(self, construct: Any, *args: Any, **kw: Any) -> Any:
        """Copy the rows."""
        rebuilding = self.blocks.of(construct.table) if isinstance(construct, Insert) else None
        if rebuilding is None:
            return super()._exec(construct, *args, **kw)  # type: ignore[misc]
        if rebuilding.is_open:
            with rebuilding.step():
                rebuilding.copy()
        return None

    def drop_table(self, table: Table, **kw: Any) -> None:
        """Drop the old table, or the copy of a rebuild that has failed."""
        rebuilding = self.blocks.of(table)
        if rebuilding is None:
            super().drop_table(table, **kw)  # type: ignore[misc]
        elif rebuilding.is_open:
            with rebuilding.step():
                rebuilding.drop()

    def rename_table(self, old_table_name: str, new_table_name: str, schema: str | None = None) -> None:
        """Give the copy its name."""
        rebuilding = self.blocks.of_rename(old_table_name, new_table_name)
        if rebuilding is None:
            super().rename_table(old_table_name, new_table_name, schema)  # type: ignore[misc]
            return
        if rebuilding.is_open:
            with rebuilding.step():
                rebuilding.rename()
            self.blocks.memory.take(rebuilding)

    def create_index(self, index: Index, **kw: Any) -> None:
        """Create an index, and say which values stand in the way of a unique one."""
        table: Any = index.table
        with unique_explained(Catalogue(self.blocks.connection, table.schema), str(table.name)):
            super().create_index(index, **kw)  # type: ignore[misc]


def _keeping(base: type) -> type:
    found: type = type(base)("KeepingImpl", (Keeping, base), {})
    return found
