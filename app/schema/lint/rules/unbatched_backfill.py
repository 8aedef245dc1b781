"""Changing an unknown number of rows in one statement locks them all until the revision is done.

What it flags
    `UPDATE`, `DELETE` or `MERGE` whose WHERE neither names a key nor bounds the rows, on a table that existed before
    the revision. On MySQL and MariaDB, `INSERT … SELECT` without WHERE or LIMIT into such a table, from another one.
Why it hurts
    The rows that were changed stay locked until the transaction ends, which takes as long as the table is large:
    writers wait, PostgreSQL cannot clean up behind, replicas fall behind. If it is cut off, all of it starts again.
    `INSERT … SELECT` of InnoDB locks the rows that it reads, too (measured on MariaDB 10.11.19).
Example
    On postgresql:15:

        op.execute("UPDATE account SET name = 'unknown' WHERE name IS NULL")
Instead
    Change the rows in batches, each in a transaction of its own, and nothing else in the revision:

        with op.get_context().autocommit_block():
            op.execute("UPDATE account SET name = 'unknown' WHERE name IS NULL AND id BETWEEN 1 AND 1000")
            op.execute("UPDATE account SET name = 'unknown' WHERE name IS NULL AND id BETWEEN 1001 AND 2000")
When it is fine
    The table was created in the same revision, is known to be small (`--live`), or the condition names a unique key.
    SQLite has one writer at a time anyway and is left alone.
References
    GitLab, "Batched background migrations"; online_migrations, "Backfilling data"; strong_migrations.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...core.dml import batches, is_bounded
from ...core.finding import Finding, Severity
from ...core.ops import DmlOp
from ..rule import MYSQL_FAMILY, POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="unbatched-backfill", severity=Severity.ERROR, engines=(*POSTGRESQL, *MYSQL_FAMILY), ops=(DmlOp,)
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a condition that leaves open how many rows are changed."""
    op, table = step.as_(DmlOp), around.table(step)
    if op.kind == "insert":
        yield from _copied(step, op, around)
        return
    # Without any condition the statement is what `mutation-without-where` is about.
    if op.kind not in ("update", "delete", "merge") or (op.kind != "merge" and not op.where):
        return
    if is_bounded(op, table, around.facts, step.table):
        return
    if table is not None and table.created_in == around.recording.revision:
        return
    yield around.finding(
        step,
        f"This {op.kind.upper()} locks every row of {step.table}{around.size(step.table)} that it changes until the "
        "transaction ends, however many there are: whoever writes one of them waits, and replicas fall behind.",
        "Change the rows in batches of keys, each in a transaction of its own, in a revision with nothing else in it:",
        code=batches(op, table),
    )


def _copied(step: RecordedOp, op: DmlOp, around: Surroundings) -> Iterator[Finding]:
    """Flag `INSERT … SELECT` of a whole table where the rows that are read are locked."""
    table = around.table(step)
    if around.server.engine == "postgresql" or (table and table.created_in == around.recording.revision):
        return
    source = _whole_source(op.sql or step.sql or "") if op.from_query else None
    known = around.state.table(source)
    if source is None or (known is not None and known.created_in == around.recording.revision):
        return
    yield around.finding(
        step,
        f"This INSERT … SELECT locks every row of {source}{around.size(source)} until the transaction ends, although "
        "it only reads them: whoever writes one of them waits, and replicas fall behind.",
        f"Copy the rows in batches of keys of {source}, each in a transaction of its own, in a revision with nothing "
        "else in it.",
    )


def _whole_source(sql: str) -> str | None:
    """Return the table that a query reads from beginning to end, None if a condition or LIMIT stands in it."""
    query = sql[match.start() :] if (match := re.search(r"\bselect\b", sql, re.IGNORECASE)) else ""
    if re.search(r"\b(?:where|limit|having)\b", query, re.IGNORECASE):
        return None
    found = re.search(r"\bfrom\s+`?(?P<table>[\w.]+)", query, re.IGNORECASE)
    return found["table"] if found and found["table"].lower() != "dual" else None
