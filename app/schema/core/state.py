"""The schema as the history built it: what is known about tables before an operation runs, without a database."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sqlalchemy.types import TypeEngine


@dataclass
class ColumnState:
    """One column. `None` stands for what the history does not tell.

    `default` is the server default as SQL text, `""` if there is certainly none; `formula` that of a generated column.
    `filled` is true if an UPDATE has written the column since it last began to take NULL.
    """

    name: str
    type: TypeEngine[Any] | None = None
    nullable: bool | None = None
    default: str | None = None
    identity: bool = False
    computed: bool = False
    formula: str | None = None
    autoincrement: bool = False
    comment: str | None = None
    collation: str | None = None
    filled: bool = False
    added_in: str | None = None


@dataclass
class ConstraintState:
    """One constraint; `kind` is primary key, unique, check, foreign key, exclude or not null.

    A NOT NULL is here only where it was added NOT VALID (PostgreSQL 18); every other is a property of its column.
    `inline` is true for a check or foreign key that is written with its column, so that it goes with it everywhere.
    """

    kind: str
    name: str | None
    columns: tuple[str, ...] = ()
    referred_table: str | None = None
    referred_columns: tuple[str, ...] = ()
    expression: str | None = None
    validated: bool = True
    ondelete: str | None = None
    added_in: str | None = None
    inline: bool = False


@dataclass
class IndexState:
    """One index; an expression stands as its SQL text among `columns`.

    :param sorted_otherwise: a column is sorted in another way than ascending with NULLs last.
    """

    name: str | None
    columns: tuple[str, ...] = ()
    unique: bool = False
    where: str | None = None
    method: str | None = None
    has_expressions: bool = False
    sorted_otherwise: bool = False
    valid: bool = True
    added_in: str | None = None


@dataclass
class TableState:
    """One table.

    :param created_in: the revision that created it, None if the history does not show its creation.
    :param known: false if the history does not show the table's creation, so that columns may be missing here.
    :param policies: the statement that made each policy, by its name.
    :param filled: true if rows were inserted in the revision that created the table.
    """

    name: str
    schema: str | None = None
    columns: dict[str, ColumnState] = field(default_factory=dict)
    constraints: list[ConstraintState] = field(default_factory=list)
    indexes: dict[str, IndexState] = field(default_factory=dict)
    triggers: set[str] = field(default_factory=set)
    policies: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    created_in: str | None = None
    known: bool = True
    filled: bool = False
    partitioned: bool = False
    partition_of: str | None = None
    partitions: list[str] = field(default_factory=list)
    default_partition: str | None = None

    @property
    def key(self) -> str:
        """The name with its schema if one was given."""
        return f"{self.schema}.{self.name}" if self.schema else self.name

    def constraint(self, name: str | None) -> ConstraintState | None:
        """Return the constraint of this name."""
        return next((c for c in self.constraints if name and c.name == name), None)

    def of_kind(self, kind: str) -> Iterator[ConstraintState]:
        """Yield the constraints of one kind."""
        return (constraint for constraint in self.constraints if constraint.kind == kind)

    @property
    def primary_key(self) -> tuple[str, ...]:
        """The columns of the primary key, empty if there is none or it is not known."""
        return next((constraint.columns for constraint in self.of_kind("primary key")), ())

    def indexes_on(self, column: str) -> Iterator[IndexState]:
        """Yield the indexes that a column takes part in."""
        return (index for index in self.indexes.values() if column in index.columns)

    def copy(self) -> TableState:
        """Return a copy that can be changed without changing this one."""
        return replace(
            self,
            columns={name: replace(column) for name, column in self.columns.items()},
            constraints=[replace(constraint) for constraint in self.constraints],
            indexes={name: replace(index) for name, index in self.indexes.items()},
            triggers=set(self.triggers),
            policies=dict(self.policies),
            options=dict(self.options),
            partitions=list(self.partitions),
        )

    def has_index_prefix(self, columns: tuple[str, ...]) -> bool:
        """True if an index, unique or primary key starts with these columns, in any order among themselves."""
        wanted = set(columns)
        leading = [index.columns for index in self.indexes.values() if not index.where]
        leading += [c.columns for c in self.constraints if c.kind in ("primary key", "unique")]
        return any(set(candidate[: len(wanted)]) == wanted for candidate in leading)


@dataclass
class TypeState:
    """A named type: `kind` is enum or domain."""

    name: str
    kind: str
    values: tuple[str, ...] = ()
    constrained: bool = False
    created_in: str | None = None


@dataclass
class ViewState:
    """A view and the tables that it reads, as far as they are known; `query` is the statement that made it."""

    name: str
    materialized: bool = False
    columns: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    query: str = ""
    created_in: str | None = None


@dataclass(frozen=True)
class Dropped:
    """What a revision took away from a table: a column, a constraint, an index, or the table itself."""

    revision: str
    table: str
    thing: ColumnState | ConstraintState | IndexState | TableState


@dataclass
class State:
    """Everything that the history up to a point built. Keys are names with their schema if one was given.

    `dropped` is what the revision at hand has taken away so far; it starts anew with the next one that drops.
    """

    tables: dict[str, TableState] = field(default_factory=dict)
    types: dict[str, TypeState] = field(default_factory=dict)
    views: dict[str, ViewState] = field(default_factory=dict)
    sequences: dict[str, str | None] = field(default_factory=dict)
    complete: bool = True
    dropped: list[Dropped] = field(default_factory=list)

    def note_dropped(
        self,
        revision: str,
        table: str,
        things: Iterable[ColumnState | ConstraintState | IndexState | TableState],
    ) -> None:
        """Remember what a revision takes away, so that a later operation of it can be told from a replacement."""
        if self.dropped and self.dropped[-1].revision != revision:
            self.dropped.clear()
        self.dropped += [Dropped(revision, table, thing) for thing in things]

    def dropped_in(self, revision: str, table: str | None) -> Iterator[object]:
        """Yield what a revision has taken away from a table so far."""
        return (gone.thing for gone in self.dropped if gone.revision == revision and gone.table == table)

    def copy(self, tables: Collection[str] | None = None) -> State:
        """Return a copy that can be changed without changing this one, of all tables or of those named."""
        names = self.tables if tables is None else [name for name in tables if name in self.tables]
        return replace(
            self,
            tables={name: self.tables[name].copy() for name in names},
            types={name: replace(known) for name, known in self.types.items()},
            views=dict(self.views),
            sequences=dict(self.sequences),
            dropped=list(self.dropped),
        )

    def table(self, key: str | None) -> TableState | None:
        """Return a table by its name, with the schema if one was given."""
        return self.tables.get(key) if key else None

    def column(self, key: str | None, column: str) -> ColumnState | None:
        """Return a column of a table."""
        table = self.table(key)
        return table.columns.get(column) if table else None

    def referencing(self, key: str) -> Iterator[tuple[TableState, ConstraintState]]:
        """Yield the foreign keys of other tables, and of the table itself, that point at a table."""
        for table in self.tables.values():
            for constraint in table.of_kind("foreign key"):
                if constraint.referred_table == key:
                    yield table, constraint

    def index(self, name: str) -> tuple[TableState, IndexState] | None:
        """Return an index and its table by the index's name."""
        for table in self.tables.values():
            if name in table.indexes:
                return table, table.indexes[name]
        return None

    def views_on(self, key: str) -> Iterator[ViewState]:
        """Yield the views that read a table."""
        return (view for view in self.views.values() if key in view.sources)
