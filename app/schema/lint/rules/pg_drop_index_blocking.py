"""Dropping an index waits for every open transaction on the table, and everybody waits behind it.

What it flags
    `op.drop_index` or `DROP INDEX` without CONCURRENTLY on a table that existed before the revision.
Why it hurts
    PostgreSQL takes ACCESS EXCLUSIVE on the table and on the index (measured on PostgreSQL 15.18). The drop itself is
    short, but it waits for the longest query on the table, and each SELECT, INSERT, UPDATE and DELETE that comes after
    queues behind it; then the lock is kept until the transaction ends.
Example
    On postgresql:15:

        op.drop_index("ix_book_title", table_name="book")
Instead
    Drop it concurrently, outside the transaction:

        with op.get_context().autocommit_block():
            op.drop_index("ix_book_title", table_name="book", postgresql_concurrently=True)
When it is fine
    The table was created in the same revision or is dropped in it.
References
    PostgreSQL manual, DROP INDEX, "CONCURRENTLY".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import DropIndexOp, DropTableOp

from ...core.concurrent import drop_concurrently, dropped_index
from ...core.finding import Finding, Fix, FixStep, Severity
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-drop-index-blocking",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(DropIndexOp,),
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag an index that is dropped under the strongest lock."""
    op = step.as_(DropIndexOp)
    found = dropped_index(step, around.state)
    table = found[0].key if found else step.table
    if op.kw.get("postgresql_concurrently") or around.is_new(table) or _goes_with_its_table(table, around):
        return
    partitioned = found is not None and found[0].partitioned
    place = f"{table}{around.size(table)}" if table else "its table"
    yield around.finding(
        step,
        f"DROP INDEX {op.index_name} waits for the longest open transaction on {place}; until it has had its turn and "
        "the revision has ended, nobody can read or write the table.",
        "A partitioned index cannot be dropped concurrently: do it in a revision of its own, in a quiet hour."
        if partitioned
        else "Drop it concurrently, outside the transaction; reads and writes then go on:",
        fix=None if partitioned or "cascade" in step.clauses else _fix(op, found[0].name if found else None),
        table=table,
    )


def _goes_with_its_table(table: str | None, around: Surroundings) -> bool:
    """True if the revision drops the table too, as autogenerate writes it: the table's lock is then the hazard."""
    return any(isinstance(other.op, DropTableOp) and other.table == table for other in around.following)


def _fix(op: DropIndexOp, table: str | None) -> Fix:
    return Fix("Drop the index concurrently", (FixStep((drop_concurrently(op, table),), autocommit=True),))
