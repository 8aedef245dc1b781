"""Foreign keys of other tables, and of the table itself, that name a table which is rebuilt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...core.errors import SchemaError
from ...core.wording import counted
from .lexer import key, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .catalogue import Catalogue


@dataclass(frozen=True)
class Reference:
    """One foreign key.

    :param child: the table that has it.
    :param columns: those that refer.
    :param targets: those that are referred to; empty for the primary key.
    """

    child: str
    columns: tuple[str, ...]
    targets: tuple[str, ...]
    on_delete: str


def references_to(catalogue: Catalogue, table: str) -> Iterator[Reference]:
    """Yield the foreign keys that refer to a table."""
    for child in catalogue.tables():
        by_number: dict[int, list[tuple[str, str | None, str]]] = {}
        for number, _, target, source, column, _, on_delete, _ in catalogue.pragma("foreign_key_list", child):
            if key(target) == key(table):
                by_number.setdefault(number, []).append((source, column, on_delete))
        for parts in by_number.values():
            targets = tuple(target for _, target, _ in parts if target is not None)
            yield Reference(child, tuple(source for source, _, _ in parts), targets, parts[0][2])


def require_columns(catalogue: Catalogue, table: str, dropped: Iterable[str]) -> None:
    """Refuse that a foreign key of another table refers to a column that was dropped.

    SQLite would say `foreign key mismatch` at the next change of either table.

    :raises SchemaError: names the foreign key.
    """
    missing = {key(column) for column in dropped}
    for reference in references_to(catalogue, table):
        lost = [target for target in reference.targets if key(target) in missing]
        if lost:
            raise SchemaError(
                f"The revision drops {table}.{lost[0]}, and {reference.child}.{', '.join(reference.columns)} refers to "
                "it. Nothing was changed.",
                expected="A foreign key refers to a column that is there.",
                hint=f'Drop it in the same revision: with op.batch_alter_table("{reference.child}") as batch_op: '
                "batch_op.drop_constraint(…).",
            )


def require_no_enforcement(catalogue: Catalogue, table: str) -> None:
    """Refuse to rebuild a table under foreign keys that would act on rows when the old one is dropped.

    The runner has switched them off, unless it was given a connection in a transaction: SQLite ignores the switch
    there.

    :raises SchemaError: says which rows would be lost.
    """
    if not catalogue.run("PRAGMA foreign_keys")[0][0]:
        return
    for reference in references_to(catalogue, table):
        condition = " AND ".join(f"{quoted(column)} IS NOT NULL" for column in reference.columns)
        rows = catalogue.count(reference.child, condition)
        if rows:
            raise SchemaError(
                f"{counted(rows, 'row')} of {reference.child} would feel it when {table} is rebuilt (ON DELETE "
                f"{reference.on_delete}): foreign keys are on, and cannot be switched off inside of the transaction "
                "that is open. Nothing was changed.",
                expected="SQLite empties a table before it drops it, which foreign keys take for deleted rows.",
                hint="Hand over a connection that is in no transaction, or execute `PRAGMA foreign_keys = OFF` on it "
                "before you begin one.",
            )
