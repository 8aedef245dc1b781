"""The rows of a table on their way into its copy: what is written, and why it could not be."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError, IntegrityError

from ...core.errors import SchemaError
from ...core.wording import counted, shortened
from .lexer import key, quoted, tokens_of
from .parser import table_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .catalogue import Catalogue
    from .table_text import TableText

_SHOWN = 5
_LONGEST_VALUE = 40
_ROW_NUMBERS = ("rowid", "_rowid_", "oid")
_FAILED = re.compile(r"(NOT NULL|UNIQUE|CHECK) constraint failed: (.*)", re.DOTALL)


@dataclass(frozen=True)
class Rows:
    """The rows of one table.

    :param name: of the table, for messages.
    :param place: the table, quoted.
    :param text: what it looks like.
    """

    catalogue: Catalogue
    name: str
    place: str
    text: TableText

    @property
    def total(self) -> int:
        """How many there are."""
        return self.count("TRUE")

    def count(self, condition: str) -> int:
        """How many meet a condition."""
        ((found,),) = self.catalogue.run(f"SELECT count(*) FROM {self.place} WHERE {condition}")
        return int(found)

    @property
    def row_number(self) -> str | None:
        """A name under which the rowid can be read, `None` if there is none."""
        if self.text.has_option("WITHOUT ROWID"):
            return None
        taken = {key(column.name) for column in self.text.columns}
        return next((name for name in _ROW_NUMBERS if name not in taken), None)

    def examples(self, condition: str, *values: str) -> list[str]:
        """Up to five rows that meet a condition, as `id 3: 'abc' → 0`.

        :param values: SQL of what is shown behind the key.
        """
        keys = self._key()
        columns = ", ".join([*(sql for _, sql in keys), *values])
        rows = self.catalogue.run(
            f"SELECT {columns} FROM {self.place} WHERE {condition} ORDER BY 1 LIMIT {_SHOWN}"
        )
        return [_example([name for name, _ in keys], row) for row in rows]

    def _key(self) -> list[tuple[str, str]]:
        columns = [column for it in self.text.primary_key if (column := self.text.column(it))]
        if columns:
            return [(column.name, quoted(column.name)) for column in columns]
        return [("rowid", self.row_number)] if self.row_number else []


def _example(names: Sequence[str], row: Sequence[Any]) -> str:
    where = ", ".join(f"{name} {_value(value)}" for name, value in zip(names, row, strict=False))
    what = " → ".join(_value(value) for value in row[len(names) :])
    return f"{where}: {what}" if what else where


def _value(value: Any) -> str:
    text = shortened(repr(value), _LONGEST_VALUE)
    return text if value is not None else "NULL"


def shown(examples: Sequence[str], total: int) -> str:
    """Examples in a row, and whether there are more."""
    return "; ".join(examples) + ("; …" if total > len(examples) else "")


def copy_rows(old: Rows, new: Rows, values: Mapping[str, str]) -> None:
    """Copy all rows.

    :param values: by column of the new table, SQL of what is written.
    :raises SchemaError: if a constraint of the new table refuses a row or does away with one.
    """
    pairs = dict(values)
    if new.text.row_number is None and old.row_number and new.row_number:
        pairs = {new.row_number: old.row_number, **{quoted(name): sql for name, sql in values.items()}}
    else:
        pairs = {quoted(name): sql for name, sql in values.items()}
    statement = (
        f"INSERT INTO {new.place} ({', '.join(pairs)}) SELECT {', '.join(pairs.values())} FROM {old.place}"
    )
    try:
        if pairs:
            old.catalogue.run(statement)
    except DBAPIError as error:
        raise _refused(old, new, values, str(error.orig)) from error
    before, after = old.total, new.total
    if before != after:
        raise SchemaError(
            f"{counted(before - after, 'row')} of {old.name} would be lost: a constraint with ON CONFLICT takes "
            f"{after} of {before} rows. Nothing was changed.",
            hint="Delete or correct the rows that contradict it, in the same revision before the block.",
        )


def _refused(old: Rows, new: Rows, values: Mapping[str, str], message: str) -> Exception:
    found = _FAILED.match(message)
    kind, words = found.groups() if found else ("", "")
    columns = [part.strip().rpartition(".")[2] for part in words.split(",")]
    if kind == "NOT NULL":
        return _without_value(old, columns[0], values)
    if kind == "UNIQUE" and all(column in values for column in columns):
        return duplicates(old, columns, [values[column] for column in columns])
    if kind == "CHECK":
        return _unchecked(old, new, words)
    temporary = new.place.rpartition(".")[2].strip('"')
    return SchemaError(
        f"The rows of {old.name} do not fit what the revision makes of it: {message.replace(temporary, old.name)}. "
        "Nothing was changed.",
        hint="Correct the rows first, in the same revision before the block.",
    )


def _without_value(old: Rows, column: str, values: Mapping[str, str]) -> SchemaError:
    condition = f"({values[column]}) IS NULL" if column in values else "TRUE"
    total = old.count(condition)
    has = "has" if total == 1 else "have"
    rows = shown(old.examples(condition), total)
    fill = f"UPDATE {old.name} SET {column} = … WHERE {column} IS NULL"
    return SchemaError(
        f"The revision makes {old.name}.{column} NOT NULL, and {counted(total, 'row')} of {old.total} {has} no value "
        f"there: {rows}. Nothing was changed.",
        hint=f'Fill them in the same revision before the block: op.execute("{fill}").'
        if column in values
        else "Give the new column a `server_default`, or add it as nullable, fill it, and tighten it then.",
    )


def duplicates(rows: Rows, columns: Sequence[str], values: Sequence[str]) -> SchemaError:
    """Say which values occur more than once.

    :param values: SQL of the values that have to be unique together.
    """
    several = (
        f"SELECT {', '.join(values)}, count(*) FROM {rows.place} "
        f"WHERE {' AND '.join(f'({value}) IS NOT NULL' for value in values)} "
        f"GROUP BY {', '.join(map(str, range(1, len(values) + 1)))} HAVING count(*) > 1"
    )
    ((total, affected),) = rows.catalogue.run(
        f"SELECT count(*), coalesce(sum(n), 0) FROM ({several.replace('count(*)', 'count(*) AS n', 1)})"
    )
    found = rows.catalogue.run(f"{several} ORDER BY count(*) DESC LIMIT {_SHOWN}")
    examples = [f"{', '.join(_value(v) for v in row[:-1])} ({counted(row[-1], 'row')})" for row in found]
    return SchemaError(
        f"The revision makes {', '.join(columns)} unique in {rows.name}, and {counted(total, 'value')} "
        f"occur{'s' if total == 1 else ''} more than once, in {counted(affected, 'row')}: {shown(examples, total)}. "
        "Nothing was changed.",
        hint="Merge or change these rows first, in the same revision before this operation.",
    )


def _unchecked(old: Rows, new: Rows, words: str) -> SchemaError:
    """Say which rows a check refuses; SQLite tells its name, or its text."""
    condition = _condition(new.text, words)
    found = ""
    if condition is not None:
        try:
            total = old.count(f"NOT ({condition})")
            found = f", and {counted(total, 'row')} of {old.total} {'does' if total == 1 else 'do'} not: "
            found += shown(old.examples(f"NOT ({condition})"), total)
        except DBAPIError:  # it is about columns that only the new table has
            found = ""
    return SchemaError(
        f"After this revision the rows of {old.name} must fulfil CHECK ({condition or words}){found}. "
        "Nothing was changed.",
        hint="Correct the rows first, in the same revision before the block.",
    )


def _condition(text: TableText, words: str) -> str | None:
    for clause in text.checks:
        inside = "".join(token.text for token in clause.rest).strip()
        start, end = inside.find("(") + 1, inside.rfind(")")
        if words in (clause.name, inside[start:end]):
            return inside[start:end]
    return None


@contextmanager
def unique_explained(catalogue: Catalogue, table: str) -> Iterator[None]:
    """Say which values stand in the way of a unique index.

    :raises SchemaError: if there are any.
    """
    try:
        yield
    except IntegrityError as error:
        columns = _columns_of(str(error.orig))
        sql = catalogue.sql_of(table)
        if not columns or sql is None:
            raise
        rows = Rows(catalogue, table, catalogue.named(table), table_of(sql))
        raise duplicates(rows, columns, [quoted(column) for column in columns]) from error


def _columns_of(message: str) -> list[str]:
    """The columns that `UNIQUE constraint failed: t.a, t.b` names; none for an index on an expression."""
    found = _FAILED.match(message)
    if not found or found.group(1) != "UNIQUE" or any(t.kind == "string" for t in tokens_of(found.group(2))):
        return []
    return [part.strip().rpartition(".")[2] for part in found.group(2).split(",")]
