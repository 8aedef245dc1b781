"""One table, rebuilt: the steps in which Alembic does it, each done so that nothing is lost.

Alembic creates `_alembic_tmp_…`, copies, drops the old table and renames the copy. SQLite asks for exactly this, and
for more around it: https://sqlite.org/lang_altertable.html#otheralter. Triggers and indexes go with the old table.
Views stay, and stand in the way of the new name unless `legacy_alter_table` is on; with it, and with foreign keys off,
no other object that names the table is rewritten, so that all of them mean the new one.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError, OperationalError

from ...core.errors import SchemaError
from .catalogue import Catalogue
from .cursor import UnreadableTable
from .integrity import Misfit, fitness, view_columns
from .intent import Reader
from .lexer import key, names_in, quoted, tokens_of
from .merge import Unmergeable, lost, merged
from .parser import table_of
from .references import require_no_enforcement
from .renaming import as_written, rename_columns
from .retyping import values_of
from .rows import Rows, copy_rows, unique_explained

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from alembic.operations.batch import ApplyBatchImpl
    from sqlalchemy import Column, Connection, Dialect

    from .catalogue import Item
    from .intent import Intent, Retyped
    from .table_text import TableText

_SAVEPOINT = "schema_rebuild"


class Rebuilding:
    """One `batch_alter_table` block that copies its table.

    :param batch: Alembic's, after the operations were applied to it.
    :param retyped: by column, what the revision said about types.
    :param tell: is given one line about each thing that goes with what the revision drops.
    """

    def __init__(
        self,
        connection: Connection,
        dialect: Dialect,
        batch: ApplyBatchImpl,
        retyped: Mapping[Column[Any], Retyped],
        tell: Callable[[str], None],
    ) -> None:
        self.catalogue = Catalogue(connection, batch.table.schema)
        self.batch = batch
        self.new_table = batch.new_table
        self.table = str(batch.table.name)
        self.temporary = str(batch.temp_table_name)
        self.place = self.catalogue.named(self.table)
        self.intent: Intent = Reader(batch, retyped, dialect).intent()
        self.tell = tell
        self.restored: list[Item] = []
        self.unrestored: list[tuple[Item, Misfit]] = []
        self.misfits: list[Misfit] = []
        self.is_open = False

    @contextmanager
    def step(self) -> Iterator[None]:
        """Take all of the rebuild back if a step of it fails, also where nobody has begun a transaction."""
        try:
            yield
        except BaseException:
            if self.is_open:
                # A full disk makes SQLite roll all back by itself.
                with suppress(DBAPIError):
                    self.catalogue.run(f"ROLLBACK TO {_SAVEPOINT}")
                    self.catalogue.run(f"RELEASE {_SAVEPOINT}")
            self.is_open = False
            raise

    def prepare(self) -> None:
        """Look at all there is, and refuse what would lose something.

        :raises SchemaError: names what, and what to write in the revision.
        """
        self.catalogue.run(f"SAVEPOINT {_SAVEPOINT}")
        self.is_open = True
        require_no_enforcement(self.catalogue, self.table)
        self.views = view_columns(self.catalogue) if self.intent.renamed else {}
        rename_columns(self.catalogue, self.table, self.intent.renamed)
        self.fitness = fitness(self.catalogue, self.intent.dropped)
        self.old = Rows(self.catalogue, self.table, self.place, self._text(self.table))
        self.belongings = self.catalogue.belongings(self.table)
        self.values = values_of(self.old, self.intent)
        self.statement = self._statement() if self.batch.reflected else None

    def _close(self) -> None:
        self.catalogue.run(f"RELEASE {_SAVEPOINT}")
        self.is_open = False

    def _text(self, table: str) -> TableText:
        """The text of a table, held against what SQLite itself reads in it."""
        sql = self.catalogue.sql_of(table) or ""
        try:
            text = table_of(sql)
        except UnreadableTable as error:
            raise _unreadable(table, str(error)) from error
        names = [row[1] for row in self.catalogue.pragma("table_xinfo", table)]
        if [column.name for column in text.columns] != names:
            raise _unreadable(table, f"its columns are {', '.join(names)}.")
        return text

    def _statement(self) -> str:
        try:
            result = merged(self.old.text, self.intent, self.table)
        except (Unmergeable, UnreadableTable) as error:
            raise _unreadable(self.table, f"it does not have {error}.") from error
        for note in result.notes:
            self.tell(as_written(note))
        return result.table.sql(self.catalogue.named(self.temporary))

    # The steps.

    def create(self, statement: str) -> None:
        """Create the new table.

        :raises SchemaError: if SQLite refuses it.
        """
        try:
            self.catalogue.run(statement)
        except OperationalError as error:
            raise self._impossible(str(error.orig)) from error

    def _impossible(self, message: str) -> SchemaError:
        dropped = {key(column) for column in self.intent.dropped}
        named = next((c for c in self.old.text.checks if c.name and not dropped.isdisjoint(c.names)), None)
        drop = (
            f'Drop the check first, in the block: batch_op.drop_constraint("{named.name}").'
            if named
            else None
        )
        return SchemaError(
            f"SQLite refuses what the revision makes of {self.table}: "
            f"{as_written(message.replace(self.temporary, self.table))}. Nothing was changed.",
            hint=drop,
        )

    def copy(self) -> None:
        """Copy the rows into the table that was created.

        :raises SchemaError: if a row does not fit, with the number of such rows and examples.
        """
        text = self._text(self.temporary)
        new = Rows(self.catalogue, self.table, self.catalogue.named(self.temporary), text)
        values = {name: sql for name, sql in self.values.items() if not _is_generated(text, name)}
        copy_rows(self.old, new, values)
        if not self.batch.reflected:
            for feature in lost(self.old.text, text, self.intent):
                self.tell(f"{feature} of {self.table} goes: the table given as `copy_from` does not have it.")

    def drop(self) -> None:
        """Drop the old table, with its indexes and triggers."""
        self.catalogue.run(f"DROP TABLE {self.place}")

    def rename(self) -> None:
        """Give the new table its name, and put back what belonged to the old one."""
        before = self.catalogue.run("PRAGMA legacy_alter_table")[0][0]
        self.catalogue.run("PRAGMA legacy_alter_table = ON")
        try:
            new = self.catalogue.named(self.temporary)
            self.catalogue.run(f"ALTER TABLE {new} RENAME TO {quoted(self.table)}")
        finally:
            self.catalogue.run(f"PRAGMA legacy_alter_table = {before}")
        self._restore()
        found = self.catalogue.pragma("integrity_check", self.table)
        if found != [("ok",)]:
            raise SchemaError(f"After the rebuild of {self.table} SQLite finds: {found[0][0]}.")
        self._close()

    def _restore(self) -> None:
        if self.belongings.sequence is not None and self._text(self.table).autoincrement is not None:
            self.catalogue.set_sequence(self.table, self.belongings.sequence)
        for item in self.belongings.items:
            if item.kind == "index":
                self._restore_index(item)
        triggers = {key(item.name): item for item in self.belongings.items if item.kind == "trigger"}
        for item in triggers.values():
            self.catalogue.create(item)
        self.catalogue.put_statistics(self.belongings)
        self._compare(triggers)

    def _compare(self, triggers: dict[str, Item]) -> None:
        """Find the triggers and views that name what the revision drops. It may care for them in its next lines."""
        found = {(it.kind, key(it.name)): it for it in self._misfits_now()}
        for name, item in triggers.items():
            misfit = found.pop(("trigger", name), None) or self._watches_dropped(item)
            if misfit is None:
                self.restored.append(item)
            else:
                self.catalogue.run(f"DROP TRIGGER {self.catalogue.named(item.name)}")
                self.unrestored.append((item, misfit))
        self.misfits = [*found.values(), *self._renamed_view_columns()]

    def _restore_index(self, item: Item) -> None:
        """Create an index from its own text, so that Alembic does not from what was reflected."""
        reflected = {key(str(index.name)) for index in self.batch.table.indexes}
        kept = {key(name): name for name in self.batch.indexes}
        new = {key(name) for name in self.batch.new_indexes}
        name = key(item.name)
        if name in new or (name in reflected and name not in kept):
            return
        self.batch.indexes.pop(kept.get(name, ""), None)
        lost_columns = {key(column) for column in self.intent.dropped} & set(names_in(tokens_of(item.sql)))
        if lost_columns:
            column = as_written(min(lost_columns))
            self.tell(f"The index '{item.name}' goes with the column '{column}' of {self.table}.")
            return
        with unique_explained(self.catalogue, self.table):
            self.catalogue.create(item)
        self.restored.append(item)

    def _misfits_now(self) -> Iterator[Misfit]:
        return fitness(self.catalogue, self.intent.dropped).worse(self.fitness)

    def _watches_dropped(self, item: Item) -> Misfit | None:
        """A trigger on `UPDATE OF column` stays valid without the column, and never runs."""
        words = [token for token in tokens_of(item.sql) if token.kind != "space"]
        end = next((n for n, token in enumerate(words) if token.keyword == "ON"), 0)
        named = {key(token.name) for token in words[:end]}
        column = next((column for column in self.intent.dropped if key(column) in named), None)
        return Misfit("trigger", item.name, f"UPDATE OF {column}") if column is not None else None

    def _renamed_view_columns(self) -> Iterator[Misfit]:
        if not self.views:
            return
        for name, columns in view_columns(self.catalogue).items():
            for old, new in zip(self.views.get(name, ()), columns, strict=False):
                if old != new:
                    yield Misfit("view", name, f"its column '{old}' would be called '{new}'", is_error=False)
                    break


def _is_generated(text: TableText, name: str) -> bool:
    column = text.column(name)
    return column is None or column.is_generated


def _unreadable(table: str, reason: str) -> SchemaError:
    return SchemaError(
        f"What the revision says about {table} cannot be brought together with its text in sqlite_master: {reason} "
        "Nothing was changed.",
        hint="Hand the whole table to the block: `batch_alter_table(…, copy_from=sa.Table(…))`.",
    )
