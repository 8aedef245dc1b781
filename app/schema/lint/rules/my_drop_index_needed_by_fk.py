"""The revision fails: a foreign key needs the index, and there is no other that could take its place.

What it flags
    An index that is dropped while it is the only one that begins with the columns of a foreign key of the table, or
    with the columns that a foreign key refers to.
Why it hurts
    The server refuses with error 1553 (measured on MariaDB 10.11.19), and what stood before it in the revision stays.
Example
    On mariadb:10.11:

        op.drop_index("ix_book_account_id", "book")
Instead
    Create the index that takes its place first:

        op.create_index("ix_book_account_id_title", "book", ["account_id", "title"])
        op.drop_index("ix_book_account_id", "book")
When it is fine
    The foreign key was dropped before, or another index begins with its columns.
References
    MySQL manual, "FOREIGN KEY Constraints", "Conditions and Restrictions".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import DropIndexOp

from ...core.finding import Finding, Severity
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import ConstraintState, TableState

RULE = Rule(
    id="my-drop-index-needed-by-fk",
    severity=Severity.ERROR,
    engines=MYSQL_FAMILY,
    ops=(DropIndexOp,),
    new_tables=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag an index that no other can stand in for."""
    op, table = step.as_(DropIndexOp), around.table(step)
    index = table.indexes.get(str(op.index_name)) if table is not None and table.known else None
    if table is None or index is None or _is_replaced(step, around):
        return
    left = table.copy()
    del left.indexes[str(op.index_name)]
    for key, columns in _needs(table, around):
        if table.has_index_prefix(columns) and not left.has_index_prefix(columns):
            yield around.finding(
                step,
                f"The revision fails: foreign key {key.name or 'of ' + ', '.join(key.columns)} needs {op.index_name}, "
                f"and no other index of {table.key} begins with {', '.join(columns)}.",
                "Create the index that takes its place first, or drop the foreign key first:",
                code=f'op.create_index("{_free_name(table, columns)}", "{table.name}", [{_quoted(columns)}])',
            )
            return


def _quoted(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _free_name(table: TableState, columns: tuple[str, ...]) -> str:
    """Return a name for an index that the table does not have yet."""
    name = f"ix_{table.name}_{'_'.join(columns)}"
    return f"{name}_new" if name in table.indexes else name


def _needs(table: TableState, around: Surroundings) -> Iterator[tuple[ConstraintState, tuple[str, ...]]]:
    """Yield the foreign keys that need an index of the table, with the columns it has to begin with."""
    yield from ((key, key.columns) for key in table.of_kind("foreign key"))
    yield from ((key, key.referred_columns) for _, key in around.state.referencing(table.key))


def _is_replaced(step: RecordedOp, around: Surroundings) -> bool:
    """True if the same statement does more to the table: what takes the place of the index may be in it."""
    return any(
        other.statement == step.statement for other in around.recording.operations if other is not step
    )
