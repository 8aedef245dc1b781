"""Between the drop of the old index and the end of the new one's build, queries have neither.

What it flags
    An index that is dropped, and one with the same first column that the same revision builds afterwards in another
    transaction.
Why it hurts
    A concurrent build takes minutes on a large table. Until it is done, each query that used the old index reads the
    whole table; if the build fails, it stays like that.
Example
    On postgresql:15:

        with op.get_context().autocommit_block():
            op.drop_index("ix_book_title", table_name="book", if_exists=True, postgresql_concurrently=True)
            op.create_index("ix_book_title_isbn", "book", ["title", "isbn"], postgresql_concurrently=True)
Instead
    Build the new one first:

        with op.get_context().autocommit_block():
            op.create_index("ix_book_title_isbn", "book", ["title", "isbn"], postgresql_concurrently=True)

    Drop the old one in the next revision:

        with op.get_context().autocommit_block():
            op.drop_index("ix_book_title", table_name="book", postgresql_concurrently=True)
When it is fine
    No query uses the index, or another one serves them meanwhile.
References
    online_migrations, "Replacing an index".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreateIndexOp, DropIndexOp

from ...core.concurrent import create_concurrently, drop_concurrently, dropped_index
from ...core.finding import Finding, FixStep, Severity
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import IndexState, TableState
    from ..rule import Surroundings

RULE = Rule(id="pg-index-replace-order", severity=Severity.WARNING, engines=POSTGRESQL, ops=(DropIndexOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag an index that goes before its successor comes."""
    found = dropped_index(step, around.state)
    if found is None or around.is_new(found[0].key) or found[1].added_in == around.recording.revision:
        return
    table, index = found
    new = next((s for s in around.following if _takes_the_place(s, step, table, index)), None)
    if new is None or _is_served(table, index):
        return
    made = new.as_(CreateIndexOp)
    drop = step.as_(DropIndexOp)
    yield around.finding(
        step,
        f"From here until {made.index_name} is built, queries on {table.key}{around.size(table.key)} that used "
        f"{drop.index_name} read the whole table; if the build fails, they go on doing so.",
        f"Build {made.index_name} first and drop {drop.index_name} in the next revision"
        + (", under a name of its own:" if made.index_name == drop.index_name else ":"),
        code=_steps(made, drop, around),
        table=table.key,
    )


def _takes_the_place(other: RecordedOp, drop: RecordedOp, table: TableState, index: IndexState) -> bool:
    op = other.op
    if not isinstance(op, CreateIndexOp) or other.table != table.key or other.transaction == drop.transaction:
        return False
    return bool(op.columns and index.columns) and str(op.columns[0]) == index.columns[0]


def _is_served(table: TableState, index: IndexState) -> bool:
    """True if another index or key that is there begins with the same column."""
    others = [other.columns for other in table.indexes.values() if other is not index and not other.where]
    keys = [key.columns for key in table.constraints if key.kind in ("unique", "primary key")]
    return any(columns[:1] == index.columns[:1] for columns in (*others, *keys))


def _steps(made: CreateIndexOp, drop: DropIndexOp, around: Surroundings) -> str:
    build, *rest = reversed(create_concurrently(made))
    del rest
    if isinstance(build, CreateIndexOp) and made.index_name == drop.index_name:
        build.index_name = f"{made.index_name}_new"
    return "\n".join(
        [
            around.render((FixStep((build,), autocommit=True),)),
            f"# revision 2, after {around.recording.revision}",
            around.render((FixStep((drop_concurrently(drop, made.table_name),), autocommit=True),)),
        ]
    )
