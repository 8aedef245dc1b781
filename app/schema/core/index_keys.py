"""The keys that an operation makes, and how many bytes each of their columns takes in InnoDB."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations import ops

from .charsets import ENDLESS, max_bytes
from .types import describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from alembic.operations.ops import MigrateOperation

    from .server import Server
    from .state import TableState


_ORDERED = re.compile(
    r"^[\"`]?(?P<name>\w+)[\"`]?(?:\s*\(\d+\))?(?:\s+(?:asc|desc))?(?:\s+nulls\s+(?:first|last))?$",
    re.IGNORECASE,
)


def column_of(part: Any) -> str | None:
    """Return the column that a part of an index is, also with a direction or a length; None for an expression."""
    if isinstance(part, str):
        return part
    if hasattr(part, "table"):
        return str(part.name)
    ordered = _ORDERED.match(str(part))
    return ordered["name"] if ordered else None


@dataclass(frozen=True)
class Key:
    """An index, unique constraint or primary key; `lengths` is what `mysql_length` says."""

    name: str | None
    columns: tuple[str, ...]
    kind: str = "index"
    lengths: Any = None

    @property
    def is_plain_index(self) -> bool:
        """True if it keeps no duplicates out."""
        return self.kind == "index"

    def sizes(
        self, types: Mapping[str, Any], table: TableState | None, server: Server
    ) -> dict[str, int | None]:
        """Return the bytes of each column: 0 for what is short or not known, None where there is no limit."""
        return {name: self._size(name, types.get(name), table, server) for name in self.columns}

    def _size(self, name: str, type_: Any, table: TableState | None, server: Server) -> int | None:
        kind = describe(type_, server)
        if kind is None or (self.lengths and (isinstance(self.lengths, int) or name in self.lengths)):
            return 0
        return None if kind.name in ENDLESS else max_bytes(kind, table) or 0


def keys_of(op: MigrateOperation) -> Iterator[Key]:
    """Yield the keys that an operation makes; keys over expressions, FULLTEXT and SPATIAL ones are left out."""
    if isinstance(op, ops.CreateTableOp):
        table = op.to_table()
        yield from (_of_constraint(c) for c in table.constraints if _is_key(c))
        for index in table.indexes:
            options = {str(key): value for key, value in index.dialect_kwargs.items()}
            yield from _of_index(index.name, index.expressions, options, unique=bool(index.unique))
    elif isinstance(op, ops.CreateIndexOp):
        yield from _of_index(op.index_name, op.columns, op.kw, unique=bool(op.unique))
    elif isinstance(op, ops.CreatePrimaryKeyOp):
        yield Key(_text(op.constraint_name), tuple(map(str, op.columns)), "primary key")
    elif isinstance(op, ops.CreateUniqueConstraintOp):
        yield Key(_text(op.constraint_name), tuple(map(str, op.columns)), "unique")


def _is_key(constraint: Any) -> bool:
    return isinstance(constraint, (sa.PrimaryKeyConstraint, sa.UniqueConstraint)) and bool(constraint.columns)


def _of_constraint(constraint: Any) -> Key:
    kind = "primary key" if isinstance(constraint, sa.PrimaryKeyConstraint) else "unique"
    return Key(_text(constraint.name), tuple(str(column.name) for column in constraint.columns), kind)


def _of_index(name: Any, parts: Iterable[Any], options: Mapping[str, Any], *, unique: bool) -> Iterator[Key]:
    prefix = options.get("mysql_prefix") or options.get("mariadb_prefix")
    plain = [part if isinstance(part, str) else getattr(part, "name", None) for part in parts]
    if prefix or not all(isinstance(part, str) for part in plain):
        return
    lengths = options.get("mysql_length") or options.get("mariadb_length")
    yield Key(_text(name), tuple(map(str, plain)), "unique" if unique else "index", lengths)


def _text(name: Any) -> str | None:
    return str(name) if isinstance(name, str) else None
