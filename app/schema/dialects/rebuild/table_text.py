"""The text of a CREATE TABLE, taken apart so far that its parts can be kept word for word. See `parser`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .lexer import Token, key, names_in, quoted, text_of


@dataclass(frozen=True)
class Clause:
    """One constraint, of a column or of the table.

    :param kind: "primary key", "not null", "null", "unique", "check", "default", "collate", "references" (a foreign
        key, also one of the table), "generated", or "" for a name without a constraint.
    :param tokens: all of it, with what follows, such as ON CONFLICT.
    :param name: of the constraint.
    :param columns: names of the columns that a constraint of the table is on.
    :param target: table that a foreign key refers to.
    :param rest: tokens without the name.
    """

    kind: str
    tokens: tuple[Token, ...]
    name: str | None = None
    columns: tuple[str, ...] = ()
    target: str | None = None
    rest: tuple[Token, ...] = ()

    @property
    def text(self) -> str:
        """The clause without the space around it."""
        return text_of(self.tokens).strip()

    @property
    def names(self) -> frozenset[str]:
        """Keys of the names that occur in a CHECK or an expression."""
        return frozenset(names_in(self.rest))

    def says(self, keyword: str) -> bool:
        """Whether a keyword occurs."""
        return any(token.keyword == keyword for token in self.tokens)


@dataclass(frozen=True)
class ColumnText:
    """One column.

    :param raw: its text with the space and the comments around it; "" once it was changed.
    :param lead: space and comments before it.
    :param trail: those behind it.
    """

    name: str
    type: str
    clauses: tuple[Clause, ...]
    raw: str = ""
    lead: str = "\n\t"
    trail: str = ""

    @property
    def text(self) -> str:
        """The definition, word for word if it was not changed."""
        if self.raw:
            return self.raw
        parts = [quoted(self.name), self.type, *(clause.text for clause in self.clauses)]
        return self.lead + " ".join(part for part in parts if part) + self.trail

    @property
    def is_generated(self) -> bool:
        """Whether SQLite computes the values."""
        return self.clause("generated") is not None

    def clause(self, kind: str) -> Clause | None:
        """Return the first clause of a kind."""
        return next((clause for clause in self.clauses if clause.kind == kind), None)

    def without(self, *gone: Clause) -> ColumnText:
        """Return the column without some of its clauses."""
        kept = tuple(clause for clause in self.clauses if not any(clause is it for it in gone))
        return self if len(kept) == len(self.clauses) else replace(self, clauses=kept, raw="")

    def without_kind(self, *kinds: str) -> ColumnText:
        """Return the column without its clauses of some kinds."""
        return self.without(*(clause for clause in self.clauses if clause.kind in kinds))

    def having(self, *new: Clause) -> ColumnText:
        """Return the column with more clauses."""
        return replace(self, clauses=(*self.clauses, *new), raw="")

    def of_type(self, type_: str) -> ColumnText:
        """Return the column with another type."""
        return replace(self, type=type_, raw="")


@dataclass(frozen=True)
class TableText:
    """One table.

    :param constraints: those that stand behind the columns.
    :param options: keywords behind the last parenthesis, such as "STRICT".
    """

    columns: tuple[ColumnText, ...]
    constraints: tuple[Clause, ...] = ()
    options: tuple[str, ...] = ()

    def sql(self, name: str) -> str:
        """Return the statement that creates the table under a name, already quoted."""
        parts = [column.text for column in self.columns]
        parts += [text_of(constraint.tokens) for constraint in self.constraints]
        body = ",".join(_ended(part) for part in parts)
        return f"CREATE TABLE {name} ({body})" + (f" {', '.join(self.options)}" if self.options else "")

    def column(self, name: str) -> ColumnText | None:
        """Return the column of a name."""
        return next((column for column in self.columns if key(column.name) == key(name)), None)

    def has_option(self, option: str) -> bool:
        """Whether the table has an option such as "STRICT"."""
        return option in self.options

    @property
    def checks(self) -> tuple[Clause, ...]:
        """All checks, of the table and of its columns."""
        every = (*self.constraints, *(clause for column in self.columns for clause in column.clauses))
        return tuple(clause for clause in every if clause.kind == "check")

    @property
    def autoincrement(self) -> ColumnText | None:
        """The column whose values SQLite never gives out twice."""
        for clause in self.constraints:
            if clause.kind == "primary key" and clause.says("AUTOINCREMENT"):
                return self.column(clause.columns[0])
        return next(
            (c for c in self.columns if any(clause.says("AUTOINCREMENT") for clause in c.clauses)), None
        )

    @property
    def primary_key(self) -> tuple[str, ...]:
        """Keys of the columns of the primary key, in its order."""
        for clause in self.constraints:
            if clause.kind == "primary key":
                return tuple(key(name) for name in clause.columns)
        return tuple(key(column.name) for column in self.columns if column.clause("primary key"))

    @property
    def row_number(self) -> str | None:
        """Key of the column that is another name of the rowid."""
        only = self.column(self.primary_key[0]) if len(self.primary_key) == 1 else None
        if only is None or self.has_option("WITHOUT ROWID") or only.type.upper() != "INTEGER":
            return None
        clause = only.clause("primary key")
        # "INTEGER PRIMARY KEY DESC" is no alias, a bug that SQLite keeps: https://sqlite.org/lang_createtable.html
        return None if clause is not None and clause.says("DESC") else key(only.name)


def _ended(part: str) -> str:
    """End a comment that would swallow the comma."""
    last = part.rpartition("\n")[2]
    return part + "\n" if "--" in last else part
