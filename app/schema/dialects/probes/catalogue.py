"""What probes ask of a database, in terms that all engines share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Dialect


@dataclass(frozen=True)
class ColumnFact:
    """A column that is there.

    :param type: as the server writes it, `""` if it has none (SQLite).
    :param default: as the server writes it; `None` if there is none.
    :param generated: whether its values are computed from other columns.
    :param identity: `ALWAYS` or `BY DEFAULT` (PostgreSQL), else `""`.
    """

    name: str
    type: str
    nullable: bool
    default: str | None = None
    comment: str | None = None
    generated: bool = False
    identity: str = ""


@dataclass(frozen=True)
class IndexFact:
    """An index that is there.

    :param columns: `None` stands for an expression.
    :param valid: whether queries can use it. An invalid one is kept up to date all the same, or is not even that.
    :param partial: whether it has a WHERE.
    :param owned: whether it belongs to a constraint.
    :param parts: whether it is that of a partitioned table, invalid until each partition has one.
    """

    name: str
    table: str
    columns: tuple[str | None, ...]
    unique: bool
    schema: str | None = None
    valid: bool = True
    partial: bool = False
    owned: bool = False
    parts: bool = False


@dataclass(frozen=True)
class ConstraintFact:
    """A constraint that is there; `kind` as in `core.state.ConstraintState`."""

    name: str
    kind: str
    columns: tuple[str, ...] = ()
    referred_table: str | None = None
    ondelete: str = "NO ACTION"
    onupdate: str = "NO ACTION"
    expression: str | None = None
    validated: bool = True


class Catalogue(Protocol):
    """One database. A schema of `None` is the one that a name without a schema means there."""

    dialect_name: str

    def fold(self, name: str) -> str:
        """Return the name in the way in which the server compares names."""

    def quoted(self, schema: str | None, name: str) -> str:
        """Return a name for use in a statement, as the server reads it: `%` stands alone."""

    def home(self, schema: str | None) -> str | None:
        """Return the schema in which a new object would be."""

    def place(self, schema: str | None, name: str, *kinds: str) -> str | None:
        """Return the schema in which an object is found, `None` if in none.

        :param kinds: table, view, materialized view, sequence, index.
        """

    def columns(self, schema: str | None, table: str) -> Mapping[str, ColumnFact]:
        """Return the columns of a table by their folded names; empty if there is no such table."""

    def indexes(self, schema: str | None, table: str) -> Sequence[IndexFact]:
        """Return the indexes of a table."""

    def index(self, schema: str | None, name: str, table: str | None) -> IndexFact | None:
        """Return an index by its name; the table is needed where names are unique for a table only."""

    def constraints(self, schema: str | None, table: str) -> Sequence[ConstraintFact]:
        """Return the constraints of a table, its primary key and unique constraints among them."""

    def comment(self, schema: str | None, table: str) -> str | None:
        """Return the comment of a table."""

    def exists(self, kind: str, schema: str | None, name: str, table: str | None = None) -> bool | None:
        """Whether an object is there; `None` for a kind that this engine does not have or that is not known here.

        :param kind: trigger, function, schema, database, type, domain, extension, policy, rule, publication, role, …
        :param table: what it belongs to; `""` or `None` where that is not known.
        """

    def keeps_transactions(self, schema: str | None, table: str) -> bool:
        """Whether a statement that writes many rows of a table writes all of them or none."""
        return True

    def parents(self, schema: str | None, table: str) -> Sequence[str]:
        """Return the tables from which a table inherits or of which it is a partition."""
        return ()

    def builder(self, index: IndexFact) -> str | None:
        """Return in words which session builds an index at the moment; `None` if none does."""
        return None

    def rebuilt_halfway(self, kind: str, schema: str | None, name: str | None) -> Sequence[IndexFact]:
        """Return the indexes that a concurrent `REINDEX` of an index, table, … left when it stopped."""
        return ()

    def bodies(self, schema: str | None, function: str) -> Sequence[str] | None:
        """Return the bodies of the functions of one name; `None` where a name has one function at most."""
        return None


def quoted_name(dialect: Dialect, schema: str | None, name: str) -> str:
    """Return a name with quotes where the server needs them."""
    quote = dialect.identifier_preparer.quote
    text = f"{quote(schema)}.{quote(name)}" if schema else quote(name)
    # SQLAlchemy doubles it for drivers whose parameters begin with it.
    return text.replace("%%", "%") if dialect.paramstyle in ("format", "pyformat") else text
