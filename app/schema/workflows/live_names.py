"""What is called so now: the names of a downgrade's tables and columns before it began."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alembic.operations import ops

from ..core.ops import TableOptionOp

if TYPE_CHECKING:
    from ..core.recorded import RecordedOp


@dataclass
class LiveNames:
    """Follows names through the operations, one after the other."""

    _tables: dict[str, str | None] = field(default_factory=dict)
    _columns: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def table(self, key: str | None) -> str | None:
        """What a table is called in the database now; `None` if it is made on the way, or gone by then."""
        return self._tables.get(key, key) if key else None

    def column(self, key: str | None, name: str) -> tuple[str, str] | None:
        """The table and the column as they are called in the database now."""
        live = self.table(key)
        found = self._columns.get((live, name), name) if live else None
        return (live, found) if live and found else None

    def follow(self, step: RecordedOp) -> None:
        """Note what an operation makes, renames or drops."""
        op, key = step.op, step.table
        if key is None:
            return
        if isinstance(op, ops.RenameTableOp):
            self._rename(key, f"{op.schema}.{op.new_table_name}" if op.schema else str(op.new_table_name))
        elif isinstance(op, TableOptionOp) and op.option == "set schema":
            self._rename(key, f"{op.value}.{op.table_name}")
        elif isinstance(op, ops.DropTableOp) or (isinstance(op, ops.CreateTableOp) and not op.if_not_exists):
            self._tables[key] = None
        else:
            self._follow_column(op, self.table(key))

    def _rename(self, old: str, new: str) -> None:
        self._tables[new], self._tables[old] = self.table(old), None

    def _follow_column(self, op: object, live: str | None) -> None:
        if live is None:
            return
        if isinstance(op, ops.AddColumnOp):
            self._columns[live, str(op.column.name)] = None
        elif isinstance(op, ops.DropColumnOp):
            self._columns[live, str(op.column_name)] = None
        elif isinstance(op, ops.AlterColumnOp) and op.modify_name:
            name = str(op.column_name)
            self._columns[live, str(op.modify_name)] = self._columns.get((live, name), name)
            self._columns[live, name] = None
