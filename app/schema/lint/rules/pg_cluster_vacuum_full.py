"""CLUSTER and VACUUM FULL write the whole table anew while nobody can read or write it.

What it flags
    `CLUSTER`, `VACUUM FULL` and `REPACK` without CONCURRENTLY, of a table that existed before the revision or of all.
Why it hurts
    ACCESS EXCLUSIVE is held until every row and every index has been written: each query of the table waits, and the
    disk must have room for a second copy.
Example
    On postgresql:15:

        op.execute("CLUSTER shelf USING shelf_pkey")
Instead
    Take it out of the revision: it changes no schema. Use pg_repack, or plain VACUUM, which blocks nobody:

        with op.get_context().autocommit_block():
            op.execute("VACUUM (ANALYZE) shelf")
When it is fine
    The table was created in the same revision or is small.
References
    PostgreSQL manual, CLUSTER, VACUUM, and REPACK (version 19); pg_repack; CLUSTER measured on PostgreSQL 15.18.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.ops import RewriteTableOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="pg-cluster-vacuum-full", severity=Severity.ERROR, engines=POSTGRESQL, ops=(RewriteTableOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a table that is written anew to save space or to order it."""
    op = step.as_(RewriteTableOp)
    if op.concurrently:
        return
    table = f"{step.table}{around.size(step.table)}" if step.table else "every table"
    yield around.finding(
        step,
        f"{op.command} writes every row and every index of {table} anew; nobody can read or write "
        f"{step.table or 'the table at hand'} until that is done.",
        "Leave it out of the revision, it changes no schema, and do it beside the running site:",
        code=f'with op.get_context().autocommit_block():\n    op.execute("REPACK (CONCURRENTLY) {step.table}")'
        if around.server.at_least(19) and step.table
        else f"pg_repack{f' --table {step.table}' if step.table else ''}",
    )
