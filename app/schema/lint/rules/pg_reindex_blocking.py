"""REINDEX keeps writers, and whoever plans a query, waiting until the index is built anew.

What it flags
    `REINDEX` without CONCURRENTLY of anything that existed before the revision.
Why it hurts
    PostgreSQL takes SHARE on the table, so that nobody writes, and ACCESS EXCLUSIVE on the index, which every query on
    the table opens when it is planned (measured on PostgreSQL 15.18). The time grows with the table.
Example
    On postgresql:15:

        op.execute("REINDEX INDEX ix_book_title")
Instead
    Rebuild it concurrently (version 12 and later), outside the transaction. One that is cut short leaves an invalid
    index whose name ends in `_ccnew`; drop that and run it again:

        with op.get_context().autocommit_block():
            op.execute("REINDEX INDEX CONCURRENTLY ix_book_title")
When it is fine
    The table was created in the same revision, or nobody uses it while the revision runs.
References
    PostgreSQL manual, REINDEX, "Rebuilding Indexes Concurrently".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.ops import ReindexOp
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-reindex-blocking", severity=Severity.ERROR, engines=POSTGRESQL, ops=(ReindexOp,), fixable=True
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag an index that is built anew inside the lock."""
    op = step.as_(ReindexOp)
    tables = [effect.table for effect in around.effects]
    if op.concurrently or (tables and all(around.is_new(table) for table in tables)):
        return
    table = tables[0] if len(tables) == 1 else None
    what = f"{op.kind} {op.name}" if op.name else op.kind
    who = f"{table}{around.size(table)}" if table else "the tables"
    concurrently = op.kind != "system" and around.server.at_least(12)
    yield around.finding(
        step,
        f"REINDEX of {what} blocks every INSERT, UPDATE and DELETE on {who}, and every query that is being planned, "
        "until the index is built anew; the more rows, the longer.",
        "Rebuild it concurrently, outside the transaction:"
        if concurrently
        else "Do it while nobody is working.",
        fix=_fix(op) if concurrently else None,
        table=table,
    )


def _fix(op: ReindexOp) -> Fix:
    step = FixStep((replace(op, concurrently=True),), autocommit=True)
    return Fix("Rebuild the index concurrently", (step,))
