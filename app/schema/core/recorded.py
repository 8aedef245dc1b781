"""What one revision does, recorded without a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from alembic.operations.ops import MigrateOperation

    from .server import Server

Direction = Literal["upgrade", "downgrade"]
OpT = TypeVar("OpT", bound="MigrateOperation")


@dataclass(frozen=True)
class Batch:
    """The `batch_alter_table` block that an operation stands in.

    `recreates` is true if the block rebuilds the table (SQLite, or `recreate="always"`), `number` tells blocks of
    one revision apart, `has_copy_from` is true if the block was given the table instead of reflecting it, `given`
    names the other arguments that it was given, and the keys of `table_kwargs` and `reflect_kwargs`.
    """

    number: int
    table_name: str
    schema: str | None
    recreates: bool
    has_copy_from: bool = False
    given: frozenset[str] = frozenset()

    @property
    def table(self) -> str:
        """The name of the table, with its schema if one was given."""
        return f"{self.schema}.{self.table_name}" if self.schema else self.table_name


@dataclass(frozen=True, eq=False)
class RecordedOp:
    """One operation, where it stands and in which transaction it runs.

    :param line: line in the revision file, 0 if unknown.
    :param end_line: last line of the statement that the operation stands in.
    :param transaction: number of the transaction within the revision; each operation of an autocommit block and each
        DDL statement of an engine without transactional DDL has its own.
    :param statement: number of the SQL statement within the revision. One `ALTER TABLE` with two actions gives two
        operations with one number.
    :param source: `op` if written as `op.…`, `sql` if read from raw SQL, `bind` if sent through `op.get_bind()`.
    :param sql: the raw statement, if the source is SQL.
    :param clauses: what SQL says about an Alembic operation that has no attribute for it: `cascade`, `if_exists`,
        `algorithm`, `lock`, `nowait`; values in capitals, or `""` for a flag.
    """

    op: MigrateOperation
    line: int = 0
    end_line: int = 0
    autocommit: bool = False
    transaction: int = 0
    statement: int = 0
    batch: Batch | None = None
    source: Literal["op", "sql", "bind"] = "op"
    sql: str | None = None
    clauses: Mapping[str, str] = field(default_factory=dict)

    def as_(self, kind: type[OpT]) -> OpT:
        """Return the operation as one of a kind.

        :raise TypeError: it is of another kind.
        """
        if not isinstance(self.op, kind):
            raise TypeError(f"{type(self.op).__name__} is not {kind.__name__}")
        return self.op

    @property
    def table(self) -> str | None:
        """The name of the table that is changed, with its schema if one was given; None if there is not one."""
        inserted = getattr(self.op, "table", None)
        name = getattr(self.op, "table_name", None) or getattr(self.op, "source_table", None)
        name = name or getattr(inserted, "name", None)
        schema = getattr(self.op, "schema", None) or getattr(inserted, "schema", None)
        schema = schema or (getattr(self.op, "kw", None) or {}).get("source_schema")
        if not name:
            return None
        return f"{schema}.{name}" if schema else str(name)


@dataclass(frozen=True)
class Recording:
    """All that `upgrade()` or `downgrade()` of one revision does on one server, in order.

    `imports` are the top-level packages that the file imports, `stubbed` those of them that are not there and were
    replaced by stand-ins; `reads_data` is true if the function asked the database for rows, `asks_schema` if it
    asked which tables and columns there are.
    """

    revision: str
    direction: Direction
    server: Server
    path: Path | None
    operations: tuple[RecordedOp, ...]
    parents: tuple[str, ...] = ()
    allow: Mapping[str, str] = field(default_factory=dict)
    imports: tuple[str, ...] = ()
    stubbed: tuple[str, ...] = ()
    reads_data: bool = False
    asks_schema: bool = False
    source: str = ""
