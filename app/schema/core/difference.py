"""What differs between two states of a schema, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from sqlalchemy.types import TypeEngine

    from .state import ColumnState, ConstraintState, State, TableState

    TypeText = Callable[[TypeEngine[Any] | None], str | None]


def differences(before: State, after: State, type_text: TypeText) -> Iterator[tuple[str, str]]:
    """Yield what `after` has more, less or otherwise than `before`: a table and a clause such as `index ix is missing`.

    Tables that the history does not show are left out, as is what one of the two states does not tell. Defaults are
    compared by whether there is one: the same default has many spellings.

    :param type_text: how a column type is called, None if that is not known.
    """
    for name in sorted({*before.tables, *after.tables}):
        old, new = before.tables.get(name), after.tables.get(name)
        if not all(table.known for table in (old, new) if table):
            continue
        if old is None or new is None:
            yield name, f"table {name} is {'still there' if old is None else 'missing'}"
        else:
            for text in _in_table(old, new, type_text):
                yield name, text


def _in_table(old: TableState, new: TableState, type_text: TypeText) -> Iterator[str]:
    for name in [*old.columns, *(name for name in new.columns if name not in old.columns)]:
        before, after = old.columns.get(name), new.columns.get(name)
        if before is None or after is None:
            yield f"column {name} is {'still there' if before is None else 'missing'}"
        else:
            yield from _in_column(before, after, type_text)
    yield from _in_constraints(old, new)
    for key in sorted({*old.indexes, *new.indexes}):
        if key not in old.indexes or key not in new.indexes:
            yield f"index {key} is {'still there' if key not in old.indexes else 'missing'}"
        elif old.indexes[key].columns != new.indexes[key].columns:
            yield f"index {key} has other columns"
        elif old.indexes[key].unique != new.indexes[key].unique:
            yield f"index {key} is {'unique' if new.indexes[key].unique else 'not unique any more'}"


def _in_column(old: ColumnState, new: ColumnState, type_text: TypeText) -> Iterator[str]:
    types = type_text(old.type), type_text(new.type)
    if None not in types and types[0] != types[1]:
        yield f"column {old.name} is {types[1]} instead of {types[0]}"
    if None not in (old.nullable, new.nullable) and old.nullable != new.nullable:
        yield f"column {old.name} {'takes NULL' if new.nullable else 'is NOT NULL'}"
    if None not in (old.default, new.default) and _says(old.default) != _says(new.default):
        yield f"column {old.name} has {'a' if _says(new.default) else 'no'} server default"


def _says(default: str | None) -> bool:
    """True if there is a default; NULL is what a column holds without one."""
    return (default or "").upper() not in ("", "NULL")


def _in_constraints(old: TableState, new: TableState) -> Iterator[str]:
    left = list(new.constraints)
    for constraint in old.constraints:
        match = next((other for other in left if _same(constraint, other)), None)
        if match is None:
            yield f"{_called(constraint)} is missing"
        else:
            left.remove(match)
    for constraint in left:
        yield f"{_called(constraint)} is still there"


def _same(one: ConstraintState, other: ConstraintState) -> bool:
    if one.kind != other.kind:
        return False
    if one.kind == "primary key":
        return one.columns == other.columns
    named = one.name is not None and other.name is not None
    if named and one.name != other.name:
        return False
    return one.kind == "check" or one.columns == other.columns


def _called(constraint: ConstraintState) -> str:
    columns = f" on {', '.join(constraint.columns)}" if constraint.columns else ""
    article = {"unique": "unique constraint", "check": "check"}.get(constraint.kind, constraint.kind)
    return f"{article}{f' {constraint.name}' if constraint.name else columns}"
