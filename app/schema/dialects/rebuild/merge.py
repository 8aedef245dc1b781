"""The text of a table and what a revision says about it, brought together.

What the revision says nothing about is kept word for word.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .lexer import key, normalized, quoted, text_of
from .parser import clauses_of, column_of, constraint_of
from .table_text import Clause, ColumnText, TableText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .intent import ColumnIntent, ConstraintIntent, Intent


class Unmergeable(Exception):
    """The text does not have what the revision speaks of."""


@dataclass(frozen=True)
class Merged:
    """The new table.

    :param notes: what goes because something goes that the revision drops, one sentence each.
    """

    table: TableText
    notes: tuple[str, ...]


def merged(table: TableText, intent: Intent, name: str) -> Merged:
    """Return the new table.

    :param table: the old one; its columns have their new names already.
    :param name: of the table, for the notes.
    :raises Unmergeable: if the revision speaks of what is not in the text.
    """
    return _Merge(table, intent, name).run()


class _Merge:
    def __init__(self, table: TableText, intent: Intent, name: str) -> None:
        self.before = table
        self.columns = {key(column.name): column for column in table.columns}
        self.constraints = list(table.constraints)
        self.intent = intent
        self.name = name
        self.notes: list[str] = []
        self.dropped = {key(column) for column in intent.dropped}

    def run(self) -> Merged:
        """Bring both together."""
        for constraint in self.intent.removed:
            self._remove(constraint)
        for constraint in self.intent.kept:
            self._give_name(constraint)
        self._remove_checks()
        self._remove_of_dropped()
        columns = [self._column(column) for column in self.intent.columns]
        constraints = [*self.constraints, *(constraint_of("\n\t" + sql) for sql in self.intent.added)]
        table = TableText(tuple(columns), tuple(constraints), self._options())
        table = self._with_primary_key(table)
        return Merged(self._with_autoincrement(table), tuple(self.notes))

    # Columns.

    def _column(self, said: ColumnIntent) -> ColumnText:
        if said.definition is not None:
            return column_of("\n\t" + said.definition).without_kind("primary key")
        column = self.columns.get(key(said.name))
        if column is None:
            raise Unmergeable(f"a column '{said.name}'")
        column = _typed(column, said)
        if said.nullable is not None:
            column = column.without_kind("not null", "null")
            column = column if said.nullable else column.having(*clauses_of("NOT NULL"))
        if said.default is not None:
            column = column.without_kind("default")
            column = column.having(*clauses_of(f"DEFAULT {said.default}")) if said.default else column
        return column

    # Constraints.

    def _remove(self, said: ConstraintIntent) -> None:
        for place, clause in enumerate(self.constraints):
            if _is_meant(clause, said, clause.columns):
                del self.constraints[place]
                return
        for column_key, column in self.columns.items():
            for clause in column.clauses:
                if _is_meant(clause, said, (column.name,)):
                    self.columns[column_key] = column.without(clause)
                    return
        raise Unmergeable(f"a {said.kind} '{said.name}' on {', '.join(said.columns)}")

    def _give_name(self, said: ConstraintIntent) -> None:
        """Write down the name that a naming convention gives, as later revisions will call it."""
        if said.name is None or self._has_named(said.name):
            return
        for place, clause in enumerate(self.constraints):
            if clause.name is None and _is_meant(clause, said, clause.columns):
                self.constraints[place] = constraint_of(f"\n\tCONSTRAINT {quoted(said.name)} {clause.text}")
                return
        for column_key, column in self.columns.items():
            for clause in column.clauses:
                if clause.name is None and _is_meant(clause, said, (column.name,)):
                    # Only as a constraint of the table is its name seen by SQLAlchemy.
                    self.columns[column_key] = column.without(clause)
                    words = _of_table(clause, column.name)
                    self.constraints.append(constraint_of(f"\n\tCONSTRAINT {quoted(said.name)} {words}"))
                    return

    def _has_named(self, name: str) -> bool:
        named = [
            *self.constraints,
            *(clause for column in self.columns.values() for clause in column.clauses),
        ]
        return any(clause.name is not None and key(clause.name) == key(name) for clause in named)

    def _remove_checks(self) -> None:
        """Let checks go that have no name and belong to a type that changes, or that the revision restates."""
        retyped = {key(c.name): self.columns.get(key(c.name)) for c in self.intent.columns if c.retyped}

        def goes(clause: Clause) -> bool:
            if clause.kind != "check" or clause.name is not None:
                return False
            if self.intent.restates_checks:
                return True
            return any(column is not None and _is_of_type(clause, column) for column in retyped.values())

        self._remove_where(goes)

    def _remove_of_dropped(self) -> None:
        """Let go what is on a dropped column. A check with a name stays, so that SQLite asks about it."""

        def goes(clause: Clause) -> bool:
            if clause.kind == "check":
                return clause.name is None and not self.dropped.isdisjoint(clause.names)
            return clause.kind != "primary key" and not self.dropped.isdisjoint(map(key, clause.columns))

        staying = (column for it, column in self.columns.items() if it not in self.dropped)
        for clause in (*self.constraints, *(clause for column in staying for clause in column.clauses)):
            if goes(clause):
                self.notes.append(f"{clause.text} of {self.name} goes with the column that it names.")
        self._remove_where(goes)

    def _remove_where(self, goes: Callable[[Clause], bool]) -> None:
        self.constraints = [clause for clause in self.constraints if not goes(clause)]
        for column_key, column in self.columns.items():
            self.columns[column_key] = column.without(*(clause for clause in column.clauses if goes(clause)))

    # The primary key and the options.

    def _with_primary_key(self, table: TableText) -> TableText:
        if table.primary_key == self.intent.primary_key and not self.intent.restates_primary_key:
            return table
        return _with_key(table, self.intent.primary_key, self.intent.primary_key_name)

    def _options(self) -> tuple[str, ...]:
        options = list(self.before.options)
        said = self.intent.options
        wanted = {
            "WITHOUT ROWID": not said.get("sqlite_with_rowid", True),
            "STRICT": said.get("sqlite_strict"),
        }
        for option, setting in zip(wanted, ("sqlite_with_rowid", "sqlite_strict"), strict=True):
            if setting in said:
                options = [it for it in options if it != option] + ([option] if wanted[option] else [])
        return tuple(options)

    def _with_autoincrement(self, table: TableText) -> TableText:
        said = self.intent.options.get("sqlite_autoincrement")
        before = self.before.autoincrement
        if said is False or (said is None and before is None):
            return _with_key(table, table.primary_key, None) if table.autoincrement else table
        if table.row_number is None:
            if before is not None:
                self.notes.append(_no_autoincrement(self.name, before.name))
            return _with_key(table, table.primary_key, None) if table.autoincrement else table
        return table if table.autoincrement is not None else _incremented(table)


def _typed(column: ColumnText, said: ColumnIntent) -> ColumnText:
    if said.type is not None and normalized(said.type) != normalized(column.type):
        column = column.of_type(said.type)
    if said.collation is not None:
        column = column.without_kind("collate").having(*clauses_of(f"COLLATE {quoted(said.collation)}"))
    return column


def _is_meant(clause: Clause, said: ConstraintIntent, columns: Sequence[str]) -> bool:
    """Whether a clause is the constraint that Alembic speaks of, which may have made its name up."""
    if clause.kind != said.kind:
        return False
    if clause.name is not None and said.name is not None:
        return key(clause.name) == key(said.name)
    if clause.kind == "check":
        return False
    same_target = said.target is None or key(clause.target or "") == key(said.target)
    return tuple(key(column) for column in columns) == said.columns and same_target


def _of_table(clause: Clause, column: str) -> str:
    """Write a constraint of a column as one of the table."""
    if clause.kind == "unique":
        return f"UNIQUE ({quoted(column)}){clause.text[len('UNIQUE') :]}"
    return f"FOREIGN KEY ({quoted(column)}) {clause.text}"


def _is_of_type(clause: Clause, column: ColumnText) -> bool:
    """Whether a check is the one that SQLAlchemy writes for a Boolean or an Enum: `column IN (values)`."""
    tokens = [token for token in clause.rest if token.kind != "space" and token.text not in ("(", ")", ",")]
    if len(tokens) < 4 or key(tokens[1].name) != key(column.name) or tokens[2].keyword != "IN":
        return False
    values = tokens[3:]
    if column.type.upper() == "BOOLEAN":
        return [token.text for token in values] == ["0", "1"]
    return _is_text(column.type) and all(token.kind == "string" for token in values)


def _is_text(type_: str) -> bool:
    return "CHAR" in type_.upper() or "TEXT" in type_.upper()


def _with_key(table: TableText, columns: Sequence[str], name: str | None) -> TableText:
    """Return the table with its primary key written anew, behind the columns."""
    others = tuple(clause for clause in table.constraints if clause.kind != "primary key")
    names = [column.name for it in columns if (column := table.column(it)) is not None]
    words = f"PRIMARY KEY ({', '.join(quoted(it) for it in names)})"
    words = f"CONSTRAINT {quoted(name)} {words}" if name else words
    new = (constraint_of("\n\t" + words),) if names else ()
    plain = tuple(column.without_kind("primary key") for column in table.columns)
    return replace(table, columns=plain, constraints=others + new)


def _incremented(table: TableText) -> TableText:
    """Return the table with AUTOINCREMENT, which can stand at a column only."""
    named = next((c.name for c in table.constraints if c.kind == "primary key"), None)
    bare = _with_key(table, (), None)
    words = "PRIMARY KEY AUTOINCREMENT"
    clause = clauses_of(f"CONSTRAINT {quoted(named)} {words}" if named else words)
    columns = tuple(
        column.having(*clause) if key(column.name) == table.row_number else column for column in bare.columns
    )
    return replace(bare, columns=columns)


def _no_autoincrement(table: str, column: str) -> str:
    return (
        f"AUTOINCREMENT of {table}.{column} goes: SQLite has it for INTEGER PRIMARY KEY only, "
        "and the revision gives the column another type."
    )


def lost(before: TableText, after: TableText, intent: Intent) -> Iterator[str]:
    """Yield what the columns that stay, and the table, do not have any more."""
    names = {key(column.name) for column in after.columns} - {key(c.name) for c in intent.columns if c.is_new}
    if before.autoincrement is not None and after.autoincrement is None:
        yield "AUTOINCREMENT"
    yield from (option for option in before.options if option not in after.options)
    checks = {normalized(text_of(check.rest)) for check in after.checks}
    texts = (text_of(check.rest).strip() for check in before.checks)
    yield from (text for text in texts if normalized(text) not in checks)
    for column in before.columns:
        new = after.column(column.name)
        for kind in ("collate", "generated"):
            clause = column.clause(kind)
            if (
                clause is not None
                and new is not None
                and key(column.name) in names
                and new.clause(kind) is None
            ):
                yield f"{clause.text} ({column.name})"
