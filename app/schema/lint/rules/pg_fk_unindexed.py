"""Without an index on the referencing column, each DELETE of a row that it refers to reads the whole table.

What it flags
    A foreign key that is added to an existing table whose columns no index starts with, neither before nor in this
    revision or a later one.
Why it hurts
    PostgreSQL indexes the column referred to, not the referencing one. To delete a row, or to change its key, it looks
    for rows that refer to it: a scan of the whole table for each row, under a lock.
Example
    On postgresql:15:

        op.create_foreign_key("fk_shelf_label", "book", "account", ["isbn"], ["email"], postgresql_not_valid=True)
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE book VALIDATE CONSTRAINT fk_shelf_label")
Instead
    Build the index first:

        with op.get_context().autocommit_block():
            op.create_index("ix_book_isbn", "book", ["isbn"], postgresql_concurrently=True)
        op.create_foreign_key("fk_shelf_label", "book", "account", ["isbn"], ["email"], postgresql_not_valid=True)
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE book VALIDATE CONSTRAINT fk_shelf_label")
When it is fine
    The table is small, or nobody deletes rows of the other one. A key that takes the place of another on the same
    columns is not flagged.
References
    PostgreSQL manual, "Foreign Keys": the referencing columns are not indexed by themselves; eugene W15.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from alembic.operations.ops import (
    CreateForeignKeyOp,
    CreateIndexOp,
    CreatePrimaryKeyOp,
    CreateUniqueConstraintOp,
)

from ...core.finding import Finding, FixStep, Severity
from ...core.foreign_keys import NewKey, new_keys
from ...core.implication import only_not_null
from ...core.state import ConstraintState
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import TableState

RULE = Rule(id="pg-fk-unindexed", severity=Severity.WARNING, engines=POSTGRESQL, ops=(CreateForeignKeyOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a key whose columns no index starts with."""
    key, table = next(new_keys(step.op)), around.table(step)
    if (
        table is None
        or not table.known
        or _is_indexed(table, key.columns)
        or _is_replacement(step, key, around)
    ):
        return
    later = chain.from_iterable(recording.operations for recording in around.later)
    if any(_indexes(other, step, key.columns) for other in chain(around.following, later)):
        return
    names = ", ".join(key.columns)
    op = step.as_(CreateForeignKeyOp)
    index = CreateIndexOp(
        f"ix_{op.source_table}_{'_'.join(key.columns)}",
        op.source_table,
        list(key.columns),
        schema=op.kw.get("source_schema"),
        postgresql_concurrently=True,
    )
    yield around.finding(
        step,
        f"No index of {step.table} starts with {names}: each DELETE of a row of {key.parent} reads all of {step.table}"
        f"{around.size(step.table)}.",
        f"Build an index on {names} first:",
        column=key.columns[0] if len(key.columns) == 1 else None,
        code=around.render((FixStep((index,), autocommit=True),)),
    )


def _is_replacement(step: RecordedOp, key: NewKey, around: Surroundings) -> bool:
    """True if the revision has dropped a key of these columns: the scan is nothing new then."""
    gone = around.state.dropped_in(around.recording.revision, step.table)
    return any(
        isinstance(old, ConstraintState) and old.kind == "foreign key" and old.columns == key.columns
        for old in gone
    )


def _is_indexed(table: TableState, columns: tuple[str, ...]) -> bool:
    """True if an index starts with the columns; one of the rows that are not NULL will do."""
    partial = (i for i in table.indexes.values() if i.where and only_not_null(i.where) in columns)
    return table.has_index_prefix(columns) or any(i.columns[: len(columns)] == columns for i in partial)


def _indexes(other: RecordedOp, step: RecordedOp, columns: tuple[str, ...]) -> bool:
    """True if another operation builds such an index."""
    if other.table != step.table or not isinstance(
        other.op, (CreateIndexOp, CreateUniqueConstraintOp, CreatePrimaryKeyOp)
    ):
        return False
    built = [str(getattr(column, "name", None) or column) for column in other.op.columns]
    return set(built[: len(columns)]) == set(columns)
