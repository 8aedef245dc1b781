"""Columns that a revision gives another name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .lexer import key, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .catalogue import Catalogue

_DOOMED = "_schema_dropped_"


def rename_columns(catalogue: Catalogue, table: str, renamed: Mapping[str, str]) -> None:
    """Let SQLite rename columns: it does so in every index, trigger, view, check and foreign key as well."""
    place = catalogue.named(table)
    for old, new in _steps(renamed):
        catalogue.run(f"ALTER TABLE {place} RENAME COLUMN {quoted(old)} TO {quoted(new)}")


def _steps(renamed: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the renamings in an order that works: two columns may swap their names."""
    in_the_way = {key(column) for column in renamed}
    later = {}
    for number, (old, new) in enumerate(renamed.items()):
        if key(new) in in_the_way and key(new) != key(old):
            later[f"_schema_renamed_{number}"] = new
            yield old, f"_schema_renamed_{number}"
        else:
            yield old, new
    yield from later.items()


def doomed(column: str) -> str:
    """The name of a column that is dropped while another one takes its name."""
    return _DOOMED + column


def as_written(text: str) -> str:
    """Words of SQLite with the names that the revision knows."""
    return text.replace(_DOOMED, "")
