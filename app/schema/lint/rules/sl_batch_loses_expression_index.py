"""An index on an expression is gone after the table is rebuilt: queries get slow, duplicates come in.

What it flags
    A batch block that rebuilds a table with an index on an expression, which the revision does not create again.
Why it hurts
    Alembic cannot read such an index from the database and leaves it out, with a warning that a deploy shows to nobody.
Example
    On sqlite:3.40:

        op.execute("CREATE INDEX ix_shelf_lower ON shelf (lower(label))")
        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
Instead
    Create it again behind the block:

        with op.batch_alter_table("shelf") as batch:
            batch.alter_column("label", type_=sa.Text())
        op.execute("CREATE INDEX ix_shelf_lower ON shelf (lower(label))")
When it is fine
    The index was not meant to stay; then drop it by name.
References
    SQLAlchemy, "Skipped unsupported reflection of expression-based index". Measured on SQLite 3.40.1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic.operations.ops import CreateIndexOp, DropIndexOp, MigrateOperation

from ...core.finding import Finding, Severity
from ...core.rebuild import in_block, starts_rebuild
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import IndexState, TableState
    from ..rule import Surroundings

RULE = Rule(
    id="sl-batch-loses-expression-index",
    severity=Severity.WARNING,
    engines=SQLITE,
    ops=(MigrateOperation,),
    new_tables=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag indexes that the copy will not have."""
    batch = starts_rebuild(step, around.earlier)
    table = around.table(step)
    if batch is None or table is None or batch.has_copy_from or around.environment.guarded_rebuild:
        return
    made_later = {str(s.op.index_name) for s in around.following if isinstance(s.op, CreateIndexOp)}
    dropped = {
        str(s.op.index_name)
        for s in in_block(around.recording.operations, batch)
        if isinstance(s.op, DropIndexOp)
    }
    lost = [i for i in table.indexes.values() if _computes(i, table) and i.name not in made_later | dropped]
    for index in lost:
        yield around.finding(
            step,
            f"{batch.table} loses index {index.name} without a word: the block rebuilds the table, and Alembic "
            "leaves out "
            f"indexes on expressions. {_consequence(index)}",
            "Create it again behind the block:",
            code=f'op.execute("CREATE {"UNIQUE " if index.unique else ""}INDEX {index.name} ON {batch.table_name} '
            f'({", ".join(index.columns)})")',
        )


def _consequence(index: IndexState) -> str:
    if index.unique:
        return "Nothing keeps duplicates out any more."
    return "Queries that used it read the whole table."


def _computes(index: IndexState, table: TableState) -> bool:
    """True if a part of the index is more than a column with a direction or a collation."""
    parts = (
        re.sub(r"\s+(?:asc|desc|collate\s+\S+)\b", "", part, flags=re.IGNORECASE) for part in index.columns
    )
    return index.has_expressions and any(part.strip('"`[] ') not in table.columns for part in parts)
