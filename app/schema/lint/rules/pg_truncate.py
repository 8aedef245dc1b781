"""TRUNCATE deletes all rows, waits for every query of the table and lets every later one wait behind it.

What it flags
    `TRUNCATE` of a table that existed before the revision.
Why it hurts
    All rows are lost, and no downgrade brings them back. ACCESS EXCLUSIVE is held until the transaction ends: nobody
    can read or write the table. CASCADE empties and locks every table whose foreign keys refer to it as well.
Example
    On postgresql:15:

        op.execute("TRUNCATE shelf")
Instead
    Delete in batches what is no longer needed, in a revision of its own:

        with op.get_context().autocommit_block():
            op.execute("DELETE FROM shelf WHERE id BETWEEN 1 AND 1000")
When it is fine
    The table was created in the same revision, or it is a cache that nobody reads while it is empty.
References
    PostgreSQL manual, TRUNCATE; measured on PostgreSQL 15.18; squawk "ban-truncate-cascade".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.dml import batches
from ...core.finding import Finding, Severity
from ...core.ops import DmlOp, TruncateOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="pg-truncate", severity=Severity.ERROR, engines=POSTGRESQL, ops=(TruncateOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a table that is emptied in one go."""
    op = step.as_(TruncateOp)
    tables = [name for name in op.tables if not _made_here(name, around)]
    if not tables:
        return
    also = [e.table for e in around.effects if op.cascade and e.table not in op.tables]
    referring = [] if op.cascade else list(_referring(op, around))
    names = " and ".join(f"{name}{around.size(name)}" for name in tables)
    message = f"All rows of {names} are lost for good, and nobody can read or write {' or '.join(tables)} until the "
    message += "transaction ends."
    if op.cascade:
        message += f" CASCADE does the same to {' and '.join(also) or 'every table that refers to it'}."
    if referring:
        message += f" The revision fails: foreign keys of {' and '.join(referring)} refer to it."
    schema, _, name = tables[0].rpartition(".")
    delete = DmlOp(name, schema or None, "delete", sql=f"DELETE FROM {tables[0]}")
    yield around.finding(
        step,
        message,
        "Delete the rows that nobody needs in batches, in a revision of its own:",
        code=batches(delete, around.state.table(tables[0])),
        table=tables[0],
    )


def _made_here(name: str, around: Surroundings) -> bool:
    known = around.state.table(name)
    return known is not None and known.created_in == around.recording.revision


def _referring(op: TruncateOp, around: Surroundings) -> Iterator[str]:
    """Yield the tables whose foreign keys make PostgreSQL refuse the statement."""
    found = (table.key for name in op.tables for table, _ in around.state.referencing(name))
    yield from (key for key in dict.fromkeys(found) if key not in op.tables)
