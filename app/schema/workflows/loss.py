"""What a recorded operation deletes from the connected database, counted there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from alembic.operations import ops

from ..core.loss import Amount, Certainty, Loss
from ..core.narrowing import narrows, text_length
from ..core.ops import (
    DatabaseOp,
    DmlOp,
    DropTypeOp,
    ExtensionOp,
    OpaqueOp,
    SchemaOp,
    TableOptionOp,
    TruncateOp,
)
from ..core.types import TypeName, describe
from .live_names import LiveNames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..core.recorded import RecordedOp
    from ..core.server import Server
    from ..dialects.row_counts import Counter

_PARTITIONS = re.compile(r"^(?:DROP|TRUNCATE)\s+PARTITION\b", re.IGNORECASE)
_TEXTS = ("char", "varchar", "text", "tinytext", "mediumtext", "longtext")
_WHOLE = ("tinyint", "smallint", "mediumint", "integer", "bigint")


@dataclass
class Losses:
    """Finds what is lost, in one database, operation by operation in the order in which they run.

    :param counter: asks the database; it is the one of `server`.
    :param bind: the database's name where several are changed.
    """

    counter: Counter
    server: Server
    bind: str | None = None
    _names: LiveNames = field(default_factory=LiveNames)
    _emptied: set[str] = field(default_factory=set)

    def of(self, step: RecordedOp) -> tuple[Loss, ...]:
        """Return what one operation loses; empty if it certainly loses nothing that another did not lose before."""
        find = next((find for kind, find in _KINDS.items() if isinstance(step.op, kind)), None)
        found = list(find(self, step)) if find else []
        self._names.follow(step)
        return tuple(replace(loss, bind=self.bind) for loss in found if not loss.amount.nothing)

    def _all_rows(self, key: str | None, *, some: bool = False) -> Iterator[Loss]:
        live = self._names.table(key)
        if live is None or live in self._emptied:
            return
        amount = self.counter.rows(live)
        if amount is not None:
            yield Loss(live, amount, some=some)
        if not some:
            self._emptied.add(live)

    def dropped_table(self, step: RecordedOp) -> Iterator[Loss]:
        """`DROP TABLE`."""
        return self._all_rows(step.table)

    def truncated(self, step: RecordedOp) -> Iterator[Loss]:
        """`TRUNCATE` of several tables."""
        for key in step.as_(TruncateOp).tables:
            yield from self._all_rows(key)

    def deleted(self, step: RecordedOp) -> Iterator[Loss]:
        """`DELETE`; with a condition, nobody knows yet which rows that are."""
        op = step.as_(DmlOp)
        if op.kind == "delete":
            yield from self._all_rows(step.table, some=op.where or op.limited)

    def partitions(self, step: RecordedOp) -> Iterator[Loss]:
        """`ALTER TABLE … DROP PARTITION` of MySQL and MariaDB."""
        op = step.as_(TableOptionOp)
        if op.option == "partition" and _PARTITIONS.match(op.value or ""):
            yield from self._all_rows(step.table, some=True)

    def dropped_column(self, step: RecordedOp) -> Iterator[Loss]:
        """`DROP COLUMN`."""
        live = self._names.column(step.table, str(step.as_(ops.DropColumnOp).column_name))
        if live is None or live[0] in self._emptied:
            return
        amount = self.counter.values(*live)
        if amount is not None:
            yield Loss(live[0], amount, live[1])

    def narrowed_column(self, step: RecordedOp) -> Iterator[Loss]:
        """A type that cannot hold every value of the one that the column has now."""
        op = step.as_(ops.AlterColumnOp)
        live = self._names.column(step.table, str(op.column_name))
        if op.modify_type is None or live is None or live[0] in self._emptied:
            return
        info = self.counter.column(*live)
        if info is None:
            return
        old, new = (
            describe(info.get("type", op.existing_type), self.server),
            describe(op.modify_type, self.server),
        )
        if new is not None and old is not None and narrows(old, new) and not self._is_one_on_sqlite(old, new):
            yield self._misfits(
                live, old, new, str(op.modify_type() if isinstance(op.modify_type, type) else op.modify_type)
            )

    def _misfits(self, live: tuple[str, str], old: TypeName, new: TypeName, shown: str) -> Loss:
        if old.name in _TEXTS and new.name in _TEXTS and not new.dimensions:
            amount = self.counter.misfits(*live, length=text_length(new))
            return Loss(live[0], amount, live[1], into=shown)
        if old.name in _WHOLE and new.name in _WHOLE and not (old.unsigned or new.unsigned):
            return Loss(live[0], self.counter.misfits(*live, whole=new.name), live[1], into=shown)
        amount = self.counter.values(*live) or Amount(0, Certainty.EXACT)
        return Loss(live[0], amount, live[1], some=True, into=shown)

    def _is_one_on_sqlite(self, old: TypeName, new: TypeName) -> bool:
        """True on SQLite for two texts or two whole numbers: it limits neither (sqlite.org/datatype3.html)."""
        if self.server.engine != "sqlite":
            return False
        return any(old.name in kind and new.name in kind for kind in (_TEXTS, _WHOLE))


_KINDS: dict[type[ops.MigrateOperation], Callable[[Losses, RecordedOp], Iterator[Loss]]] = {
    ops.DropTableOp: Losses.dropped_table,
    ops.DropColumnOp: Losses.dropped_column,
    ops.AlterColumnOp: Losses.narrowed_column,
    TruncateOp: Losses.truncated,
    DmlOp: Losses.deleted,
    TableOptionOp: Losses.partitions,
}


def why_unclear(step: RecordedOp) -> str | None:
    """Say why nobody can tell what an operation deletes; `None` where one can."""
    op = step.op
    if isinstance(op, OpaqueOp):
        return op.reason
    if isinstance(op, (SchemaOp, DatabaseOp)) and op.action == "drop":
        return f"it drops '{op.name}' with whatever is in it"
    if isinstance(op, (DropTypeOp, ExtensionOp)) and op.cascade and getattr(op, "action", "drop") == "drop":
        return f"with '{op.name}' it drops every column of such a type (CASCADE)"
    if isinstance(op, TruncateOp) and op.cascade:
        return "it also empties every table that refers to those that it names (CASCADE)"
    return None
