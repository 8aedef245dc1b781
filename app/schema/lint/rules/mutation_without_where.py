"""Changing every row of a table in one statement locks all of them until the revision is done.

What it flags
    `UPDATE` or `DELETE` without WHERE, and `TRUNCATE`, on a table that existed before the revision. On SQLite an
    UPDATE that only fills columns which the revision added is left alone: a revision locks the whole file anyway.
Why it hurts
    Every writer that meets one of the rows waits for the end of the transaction. PostgreSQL writes each row anew
    and leaves the old one behind as bloat; replicas fall behind by the time it takes. DELETE
    and TRUNCATE lose all the rows.
Example
    On postgresql:15:

        op.execute("DELETE FROM shelf")
Instead
    Change the rows in batches, each in a transaction of its own, and nothing else in the revision:

        with op.get_context().autocommit_block():
            op.execute("DELETE FROM shelf WHERE id BETWEEN 1 AND 1000")
            op.execute("DELETE FROM shelf WHERE id BETWEEN 1001 AND 2000")
When it is fine
    The table was created in the same revision, or is known to be small (`--live`).
References
    strong_migrations, "Backfilling data"; GitLab, "Batched background migrations".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.dml import batches, is_bounded
from ...core.finding import Finding, Severity
from ...core.ops import DmlOp, TruncateOp
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="mutation-without-where", severity=Severity.ERROR, engines=EVERY_ENGINE, ops=(DmlOp, TruncateOp)
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a statement that changes all rows."""
    if isinstance(step.op, TruncateOp):
        # On PostgreSQL a rule of its own speaks about the lock as well.
        yield from () if around.server.engine == "postgresql" else _truncated(step, step.op, around)
        return
    op, table = step.as_(DmlOp), around.table(step)
    if op.kind not in ("update", "delete") or op.where or is_bounded(op, table, around.facts, step.table):
        return
    if table is not None and table.created_in == around.recording.revision:
        return
    if around.server.engine == "sqlite" and op.kind == "update" and _fills_new_columns(step, around):
        return
    lost = "All rows are deleted. " if op.kind == "delete" else ""
    yield around.finding(
        step,
        f"{lost}This {op.kind.upper()} locks every row of {step.table}{around.size(step.table)} until the transaction "
        "ends: whoever writes one of them waits, and replicas fall behind.",
        "Change the rows in batches, each in a transaction of its own, in a revision with nothing else in it:",
        code=batches(op, table),
    )


def _truncated(step: RecordedOp, op: TruncateOp, around: Surroundings) -> Iterator[Finding]:
    for name in op.tables:
        table = around.state.table(name)
        if table is not None and table.created_in == around.recording.revision:
            continue
        code = f'op.execute("DELETE FROM {name} WHERE id BETWEEN 1 AND 1000")'
        yield around.finding(
            step,
            f"All rows of {name}{around.size(name)} are lost, and no downgrade brings them back: TRUNCATE cannot "
            "be rolled back.",
            "Keep them, or delete in batches what nobody needs any more, in a revision with nothing else in it:",
            code=f"with op.get_context().autocommit_block():\n    {code}",
            table=name,
        )


def _fills_new_columns(step: RecordedOp, around: Surroundings) -> bool:
    states = [around.column(step, name) for name in step.as_(DmlOp).columns]
    return bool(states) and all(c is not None and c.added_in == around.recording.revision for c in states)
