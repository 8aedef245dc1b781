"""Reads the text of a CREATE TABLE as SQLite keeps it in `sqlite_master`.

Source of the grammar: https://sqlite.org/lang_createtable.html, and `parse.y` of SQLite for what the diagrams leave
out: constraints of a table need no comma between them, and `CONSTRAINT name` may stand alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .cursor import Cursor, UnreadableTable
from .lexer import text_of, tokens_of
from .table_text import Clause, ColumnText, TableText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .lexer import Token

_CLAUSES = (
    *("CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES"),
    *("GENERATED", "AS", "DEFERRABLE"),
)
_OF_TABLE = ("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN")


def table_of(sql: str) -> TableText:
    """Take a stored text apart.

    :raises UnreadableTable: if it is no CREATE TABLE with columns.
    """
    return Parser(tokens_of(sql)).table()


def column_of(definition: str) -> ColumnText:
    """Take the definition of one column apart.

    :raises UnreadableTable: if it is none.
    """
    return Parser(tokens_of(definition)).column()


def clauses_of(sql: str) -> tuple[Clause, ...]:
    """Take constraints of one column apart.

    :raises UnreadableTable: if it is something else.
    """
    return Parser(tokens_of(sql)).column_clauses()


def constraint_of(sql: str) -> Clause:
    """Take one constraint of a table apart.

    :raises UnreadableTable: if it is none.
    """
    return Parser(tokens_of(sql)).table_clause()


class Parser(Cursor):
    """Reads tokens from left to right."""

    # The table.

    def table(self) -> TableText:
        """Read all of it."""
        self.expect("CREATE")
        self.expect("TABLE")
        self.next()
        if self.peek().text == ".":
            self.next()
            self.next()
        self.expect("(")
        columns: list[ColumnText] = []
        constraints: list[Clause] = []
        while True:
            self._item(columns, constraints)
            end = self.next().text
            if end == ")":
                return TableText(tuple(columns), tuple(constraints), tuple(self._options()))
            if end != ",":
                raise UnreadableTable(f"'{end}' stands where a comma should.")

    def _item(self, columns: list[ColumnText], constraints: list[Clause]) -> None:
        if columns and self.peek().keyword in _OF_TABLE:
            while self.peek().keyword in _OF_TABLE:
                constraints.append(self.table_clause())
        else:
            columns.append(self.column())

    def _options(self) -> Iterator[str]:
        words = [token.text for token in self.tokens[self.place :] if token.kind != "space"]
        for option in " ".join(words).split(","):
            if option.strip():
                yield option.strip().upper()

    # A column.

    def column(self) -> ColumnText:
        """Read one column up to its end."""
        start = self.space()
        lead = text_of(self.tokens[start : self.place])
        name = self.next().name
        first = self.place
        while self.peek().keyword not in _CLAUSES and self.peek().text not in (",", ")", ""):
            if self.peek().text == "(":
                self.parenthesis()
            else:
                self.next()
        type_ = text_of(self.tokens[first : self.place]).strip()
        clauses = self.column_clauses()
        end = self.space()
        raw, trail = text_of(self.tokens[start : self.place]), text_of(self.tokens[end : self.place])
        return ColumnText(name, type_, clauses, raw, lead, trail)

    def column_clauses(self) -> tuple[Clause, ...]:
        """Read the clauses of a column up to its end."""
        clauses = []
        while self.peek().text not in (",", ")", ""):
            clauses.append(self._clause(self._column_constraint))
        return tuple(clauses)

    def _clause(self, read: Callable[[], Clause], *, of_table: bool = False) -> Clause:
        start, name = self.place, None
        if self.skip("CONSTRAINT"):
            name = self.next().name
            if self.peek().keyword not in (*_CLAUSES, "FOREIGN") or self.at("CONSTRAINT"):
                return Clause("", tuple(self.tokens[start : self.place]), name)
        first = self.place
        found, end = read(), self.place
        if of_table:
            self.space()
        tokens = self.tokens
        return replace(
            found, name=name, tokens=tuple(tokens[start : self.place]), rest=tuple(tokens[first:end])
        )

    def _column_constraint(self) -> Clause:
        word = self.next().keyword
        reader = getattr(self, f"_{word.lower()}", None) if word in _CLAUSES else None
        if reader is None:
            raise UnreadableTable(f"'{word}' is no constraint of a column.")
        found: Clause = reader()
        return found

    def _primary(self) -> Clause:
        self.expect("KEY")
        _ = self.skip("ASC") or self.skip("DESC")
        self._on_conflict()
        self.skip("AUTOINCREMENT")
        return Clause("primary key", ())

    def _not(self) -> Clause:
        if self.skip("DEFERRABLE"):
            self._initially()
            return Clause("deferrable", ())
        self.expect("NULL")
        self._on_conflict()
        return Clause("not null", ())

    def _null(self) -> Clause:
        self._on_conflict()
        return Clause("null", ())

    def _unique(self) -> Clause:
        self._on_conflict()
        return Clause("unique", ())

    def _check(self) -> Clause:
        self.parenthesis()
        self._on_conflict()
        return Clause("check", ())

    def _default(self) -> Clause:
        if self.peek().text == "(":
            self.parenthesis()
        elif self.next().text in ("+", "-"):
            self.next()
        return Clause("default", ())

    def _collate(self) -> Clause:
        return Clause("collate", (), target=self.next().name)

    def _generated(self) -> Clause:
        self.expect("ALWAYS")
        self.expect("AS")
        return self._as()

    def _as(self) -> Clause:
        self.parenthesis()
        _ = self.skip("STORED") or self.skip("VIRTUAL")
        return Clause("generated", ())

    def _deferrable(self) -> Clause:
        self._initially()
        return Clause("deferrable", ())

    def _references(self) -> Clause:
        target = self.next().name
        if self.peek().text == "(":
            self.parenthesis()
        self._reference_arguments()
        return Clause("references", (), target=target)

    def _reference_arguments(self) -> None:
        while True:
            if self.at("ON"):
                self.next()
                self.next()
                _ = self.skip("SET") or self.skip("NO")
                self.next()
            elif self.skip("MATCH"):
                self.next()
            elif self.skip("NOT", "DEFERRABLE") or self.skip("DEFERRABLE"):
                self._initially()
            else:
                return

    def _initially(self) -> None:
        if self.skip("INITIALLY"):
            self.next()

    def _on_conflict(self) -> None:
        if self.skip("ON", "CONFLICT"):
            self.next()

    # A constraint of the table.

    def table_clause(self) -> Clause:
        """Read one constraint of the table."""
        return self._clause(self._table_constraint, of_table=True)

    def _table_constraint(self) -> Clause:
        word = self.next().keyword
        if word == "CHECK":
            return self._check()
        if word in ("PRIMARY", "FOREIGN"):
            self.expect("KEY")
        columns = tuple(_columns(self.parenthesis()))
        if word == "FOREIGN":
            self.expect("REFERENCES")
            return replace(self._references(), columns=columns)
        self._on_conflict()
        return Clause("primary key" if word == "PRIMARY" else "unique", (), columns=columns)


def _columns(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the names in a list such as `a, "b" COLLATE NOCASE DESC`."""
    first = True
    for token in tokens:
        if token.text == ",":
            first = True
        elif first and token.kind != "space":
            yield token.name
            first = False
