"""What a live schema consists of, in a form in which two databases can be compared.

A snapshot holds what the server itself says, in the server's own spelling: a reading of the same server made the same
way says the same of the same thing. Snapshots of two engines, or of two major versions of one, are not comparable.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .table_parts import Attachment, Column, Constraint, Facts, Index, given

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    :param schema: `None` for the schema that names without one are looked up in.
    :param columns: in the order of their names: `ADD COLUMN` puts a column last, where `CREATE TABLE` would not.
    :param options: such as the storage engine, the collation, whether it is partitioned and by what.
    """

    name: str
    schema: str | None = None
    columns: tuple[Column, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    comment: str | None = None

    kind = "table"

    @property
    def key(self) -> str:
        """The name, with its schema if that is another than the usual one."""
        return f"{self.schema}.{self.name}" if self.schema else self.name

    @property
    def label(self) -> str:
        """How messages call it."""
        return f"table {self.key}"

    @property
    def facts(self) -> Facts:
        """What is to be said about the table as a whole."""
        return {**dict(self.options), **given("comment", self.comment)}

    @property
    def text(self) -> str:
        """Its columns by name."""
        return f"({', '.join(column.name for column in self.columns)})"


@dataclass(frozen=True, slots=True)
class Other:
    """What belongs to no table: a view, a materialized view, an enum type, a domain, a sequence, a function.

    :param parts: its facts: the definition of a view, the values of an enum in order.
    """

    kind: str
    name: str
    schema: str | None
    parts: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """Kind and name, with the schema if that is another than the usual one."""
        return f"{self.kind} {self.schema}.{self.name}" if self.schema else f"{self.kind} {self.name}"

    @property
    def label(self) -> str:
        """How messages call it."""
        return self.key

    @property
    def facts(self) -> Facts:
        """What is to be said about it."""
        return dict(self.parts)

    @property
    def text(self) -> str:
        """Its facts in one line."""
        return ", ".join(value for _, value in self.parts)


Item = Column | Constraint | Index | Attachment | Table | Other


@dataclass(frozen=True)
class Snapshot:
    """A schema at one moment.

    :param engine: `postgresql`, `mysql` (MariaDB too) or `sqlite`.
    :param tables: by `Table.key`, in order.
    :param others: by `Other.key`, in order.
    """

    engine: str
    tables: Mapping[str, Table] = field(default_factory=dict)
    others: Mapping[str, Other] = field(default_factory=dict)

    @classmethod
    def of(cls, engine: str, tables: Iterator[Table], others: Iterator[Other]) -> Snapshot:
        """Return a snapshot with everything in order."""
        return cls(
            engine,
            {table.key: table for table in sorted(tables, key=lambda each: each.key)},
            {other.key: other for other in sorted(others, key=lambda each: each.key)},
        )

    def __bool__(self) -> bool:
        """Return false for a schema in which nothing is."""
        return bool(self.tables or self.others)
