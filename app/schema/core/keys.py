"""Which keys keep duplicates out, and which types can take each other's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .state import ConstraintState, IndexState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .state import TableState
    from .types import TypeName

_ALIKE = (
    {"char", "varchar", "text", "citext", "tinytext", "mediumtext", "longtext"},
    {"tinyint", "smallint", "mediumint", "integer", "bigint"},
    {"numeric", "real", "double precision", "float"},
    {"timestamp", "timestamptz", "datetime"},
)


def unique_keys(table: TableState | None) -> Iterator[ConstraintState | IndexState]:
    """Yield the primary key, the unique constraints and the unique indexes that cover every row."""
    things: list[ConstraintState | IndexState] = (
        [*table.constraints, *table.indexes.values()] if table else []
    )
    yield from (thing for thing in things if is_unique_key(thing))


def is_unique_key(thing: object) -> bool:
    """True for what keeps duplicates of its columns out, in every row."""
    if isinstance(thing, ConstraintState):
        return thing.kind in ("unique", "primary key") and bool(thing.columns)
    if isinstance(thing, IndexState):
        return thing.unique and thing.where is None and not thing.has_expressions and bool(thing.columns)
    return False


def keeps_unique(keys: Iterable[object], columns: Iterable[str]) -> bool:
    """True if one of the keys already keeps duplicates of the columns out."""
    wanted = set(columns)
    return any(is_unique_key(key) and set(key.columns) <= wanted for key in keys)  # type: ignore[attr-defined]


def alike(old: TypeName | None, new: TypeName | None) -> bool:
    """True if values of one type can live on in the other; types that are not known are taken for alike."""
    if old is None or new is None:
        return True
    if old.dimensions != new.dimensions:
        return False
    return old.name == new.name or any({old.name, new.name} <= family for family in _ALIKE)
