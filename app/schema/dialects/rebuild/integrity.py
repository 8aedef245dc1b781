"""Which views and triggers of a database do not fit its tables.

SQLite looks through all of them whenever a column is renamed. So a column of a scratch table is renamed, and everything
taken back. The first one that does not fit ends the search: it is dropped, and the search goes on.
Source: https://sqlite.org/lang_altertable.html#altertabrename, `renameTestSchema` of `alter.c`. Measured on 3.40.1.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from .lexer import key, quoted, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .catalogue import Catalogue, Item

_SCRATCH = "_schema_scratch"
_MESSAGE = "error in "


@dataclass(frozen=True)
class Misfit:
    """A view or trigger that cannot be used.

    :param reason: SQLite's words, such as "no such column: NEW.name".
    :param is_error: whether SQLite refuses it; otherwise it would do something else than before.
    """

    kind: str
    name: str
    reason: str
    is_error: bool = True


@dataclass(frozen=True)
class Fitness:
    """The state of all views and triggers.

    :param misfits: by kind and key of the name.
    :param texts: how SQLite reads each: a name in double quotes that is no column any more becomes a text.
    """

    misfits: dict[tuple[str, str], Misfit]
    texts: dict[tuple[str, str], str]

    def worse(self, before: Fitness) -> Iterator[Misfit]:
        """Yield what fitted before."""
        for item, misfit in self.misfits.items():
            if item not in before.misfits:
                yield misfit
        for item, text in self.texts.items():
            if item in before.texts and item not in before.misfits and before.texts[item] != text:
                name = _first_difference(before.texts[item], text)
                yield Misfit(
                    *item, f"no such column: {name}, which SQLite would take for a text", is_error=False
                )


def fitness(catalogue: Catalogue, dropped: Iterable[str] = ()) -> Fitness:
    """Look at all views and triggers. Changes nothing.

    :param dropped: columns that go. SQLite's search does not look into the UPDATE statements of triggers, so that those
        triggers which may name one of them are tried.
    """
    items = {(item.kind, key(item.name)): item for item in catalogue.items() if item.kind != "index"}
    if not items:
        return Fitness({}, {})
    columns = {key(column) for column in dropped}
    suspects = [
        item
        for item in items.values()
        if item.kind == "trigger" and columns.intersection(key(token.name) for token in tokens_of(item.sql))
    ]
    with _taken_back(catalogue):
        found = _searched(catalogue, items)
    for item in suspects:
        with _taken_back(catalogue):
            misfit = _tried(catalogue, item, items.values())
        if misfit is not None:
            found.misfits.setdefault((item.kind, key(item.name)), misfit)
    return found


@contextmanager
def _taken_back(catalogue: Catalogue) -> Iterator[None]:
    catalogue.run("SAVEPOINT schema_fitness")
    try:
        yield
    finally:
        catalogue.run("ROLLBACK TO schema_fitness")
        catalogue.run("RELEASE schema_fitness")


def _tried(catalogue: Catalogue, trigger: Item, items: Iterable[Item]) -> Misfit | None:
    """Let SQLite compile statements that run a trigger, and no other one of its table."""
    for item in items:
        if item.kind == "trigger" and key(item.table) == key(trigger.table) and item is not trigger:
            catalogue.run(f"DROP TRIGGER {catalogue.named(item.name)}")
    place = catalogue.named(trigger.table)
    columns = [row[1] for row in catalogue.pragma("table_info", trigger.table)]
    changes = ", ".join(f"{quoted(column)} = NULL" for column in columns)
    try:
        catalogue.run(f"EXPLAIN INSERT INTO {place} DEFAULT VALUES")
        catalogue.run(f"EXPLAIN UPDATE {place} SET {changes}")
        catalogue.run(f"EXPLAIN DELETE FROM {place}")
    except OperationalError as error:
        return Misfit(trigger.kind, trigger.name, str(error.orig))
    return None


def _searched(catalogue: Catalogue, items: dict[tuple[str, str], Item]) -> Fitness:
    misfits: dict[tuple[str, str], Misfit] = {}
    scratch = catalogue.named(_SCRATCH)
    catalogue.run(f"CREATE TABLE {scratch} (a)")
    while len(misfits) <= len(items):
        try:
            catalogue.run(f"ALTER TABLE {scratch} RENAME COLUMN a TO b")
            break
        except OperationalError as error:
            found = _read(str(error.orig), items)
            if found is None:  # an object of a connection's own, or one that this cannot name
                break
            item, reason = found
            misfits[item.kind, key(item.name)] = Misfit(item.kind, item.name, reason)
            catalogue.run(f"DROP {item.kind} {catalogue.named(item.name)}")
    texts = {(it.kind, key(it.name)): it.sql for it in catalogue.items() if it.kind != "index"}
    return Fitness(misfits, texts)


def _read(message: str, items: dict[tuple[str, str], Item]) -> tuple[Item, str] | None:
    """Find the item in `error in view v: no such column: x` or `error in view v after rename: …`."""
    for item in sorted(items.values(), key=lambda it: -len(it.name)):
        start = f"{_MESSAGE}{item.kind} {item.name}"
        if message.startswith((f"{start}:", f"{start} after ")):
            return item, message[len(start) :].partition(": ")[2]
    return None


def _first_difference(before: str, after: str) -> str:
    pairs = zip(tokens_of(before), tokens_of(after), strict=False)
    return next((new.name for old, new in pairs if old != new), "")


def view_columns(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """Return the names of the columns of each view that can be read."""
    found = {}
    for item in catalogue.items():
        if item.kind == "view":
            with suppress(OperationalError):
                found[item.name] = tuple(row[1] for row in catalogue.pragma("table_info", item.name))
    return found
