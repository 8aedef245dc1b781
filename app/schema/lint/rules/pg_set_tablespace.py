"""Moving a table to another tablespace copies all of it while nobody can read or write it.

What it flags
    `ALTER TABLE … SET TABLESPACE` on a table that existed before the revision.
Why it hurts
    ACCESS EXCLUSIVE is held until every byte has been copied: each query of the table waits, for as long as the disk
    takes for its size. Its indexes stay where they are.
Example
    On postgresql:15:

        op.execute("ALTER TABLE shelf SET TABLESPACE fast")
Instead
    Move it with pg_repack (`pg_repack --table shelf --tablespace fast`), which locks it for a moment only, or in a
    window in which the site is closed. Tablespaces are a matter of one server rather than of the schema.
When it is fine
    The table was created in the same revision or is small.
References
    PostgreSQL manual, ALTER TABLE, "SET TABLESPACE"; pg_repack, "--tablespace".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.finding import Finding, Severity
from ...core.ops import TableOptionOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="pg-set-tablespace", severity=Severity.ERROR, engines=POSTGRESQL, ops=(TableOptionOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a table that moves to another disk."""
    op = step.as_(TableOptionOp)
    if op.option != "tablespace":
        return
    yield around.finding(
        step,
        f"Moving {step.table}{around.size(step.table)} to tablespace {op.value} copies all of it; nobody can read or "
        f"write {step.table} until the last byte has been copied.",
        "Leave it out of the revision and move the table with pg_repack, which locks it for a moment only:",
        code=f"pg_repack --table {step.table} --tablespace {op.value}",
    )
