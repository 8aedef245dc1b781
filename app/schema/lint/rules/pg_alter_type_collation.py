"""The rows stay as they are, but the indexes of the column are built anew while nobody can use the table.

What it flags
    A change of type or collation that keeps the table and rebuilds indexes: another COLLATE on an indexed column,
    citext to text, or any change on a column of a partial index or of one with expressions.
Why it hurts
    ACCESS EXCLUSIVE is held until the indexes are built: reads and writes of the table wait, longer the more rows
    there are. With another collation the order of results changes too.
Example
    On postgresql:15:

        op.alter_column("book", "title", type_=sa.String(200, collation="C"), existing_type=sa.String(200))
Instead
    Drop the index, change the type, and build the index again in a revision of its own, concurrently:

        with op.get_context().autocommit_block():
            op.drop_index("ix_book_title", "book", postgresql_concurrently=True)

    The change is quick then:

        op.alter_column("book", "title", type_=sa.String(200, collation="C"), existing_type=sa.String(200))

    And the index comes back without blocking anybody:

        with op.get_context().autocommit_block():
            op.create_index("ix_book_title", "book", ["title"], postgresql_concurrently=True)
When it is fine
    No index holds the column, or the table was created in the same revision or is small.
References
    PostgreSQL manual, ALTER TABLE, "Notes"; measured on PostgreSQL 15.20.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp

from ...core.finding import Finding, Severity
from ...core.wording import listed
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="pg-alter-type-collation", severity=Severity.WARNING, engines=POSTGRESQL, ops=(AlterColumnOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a change that keeps the rows and rebuilds indexes."""
    op, effect = step.as_(AlterColumnOp), around.effect_on(step.table)
    if op.modify_type is None or effect is None or effect.rewrites or not effect.builds_index:
        return
    names = _indexes(step, around)
    what = (
        f"index {listed(names)}"
        if len(names) == 1
        else f"indexes {listed(names)}"
        if names
        else "its indexes"
    )
    yield around.finding(
        step,
        f"The change of {step.table}.{op.column_name} keeps the rows, but builds {what} anew; nobody can read or write "
        f"{step.table}{around.size(step.table)} until that is done.",
        "Drop the index concurrently before, change the type, and build the index concurrently after it, each in a "
        "revision of its own.",
        column=str(op.column_name),
    )


def _indexes(step: RecordedOp, around: Surroundings) -> list[str]:
    table, column = around.table(step), str(step.as_(AlterColumnOp).column_name)
    if table is None:
        return []
    keys = [c.name for c in table.constraints if c.kind in ("primary key", "unique") and column in c.columns]
    made = [
        i.name for i in table.indexes.values() if any(column in part for part in (*i.columns, i.where or ""))
    ]
    return [name for name in (*keys, *made) if name]
