"""Without its primary key the table is copied while writers wait, and replication has nothing to find rows by.

What it flags
    A primary key that is dropped from an existing table in a statement of its own.
Why it hurts
    InnoDB keeps the rows in the order of the key: each is written anew while INSERT, UPDATE and DELETE wait. Until the
    new key is there, rows may be written twice, row-based replication reads the whole table for each change, and group
    replication or `sql_require_primary_key` refuse it.
Example
    On mariadb:10.11:

        op.execute("ALTER TABLE shelf DROP PRIMARY KEY")
Instead
    Drop the old key and add the new one in one statement, which is done in place while writers go on:

        op.execute("ALTER TABLE shelf DROP PRIMARY KEY, ADD PRIMARY KEY (id, label)")
When it is fine
    The table was created in the same revision.
References
    MySQL manual, "Online DDL Operations", "Dropping a primary key"; measured on MariaDB 10.11.19: COPY alone, INPLACE
    with LOCK=NONE together with ADD PRIMARY KEY.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreatePrimaryKeyOp, DropConstraintOp

from ...core.finding import Finding, Severity
from ...core.table_copy import COPY_RULES, consequence, severity_of
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import TableState

RULE = Rule(
    id="my-drop-pk",
    severity=Severity.ERROR,
    engines=MYSQL_FAMILY,
    ops=(DropConstraintOp,),
    supersedes=("drop-constraint", *COPY_RULES),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a key that goes before another takes its place."""
    op = step.as_(DropConstraintOp)
    if not _is_primary(op, around.table(step)):
        return
    added = [other for other in around.recording.operations if _adds_key(other, step)]
    if any(other.statement == step.statement for other in added):
        return
    effect = around.effect_on(step.table)
    columns = ", ".join(map(str, added[0].as_(CreatePrimaryKeyOp).columns)) if added else "…"
    yield around.finding(
        step,
        f"{consequence(around.server, f'{step.table}{around.size(step.table)}', effect)} Until there is a new key, "
        "duplicates can come in, and replicas read the whole table for each changed row.",
        "Drop the old key and add the new one in one statement; writers then go on:",
        code=f'op.execute("ALTER TABLE {step.table} DROP PRIMARY KEY, ADD PRIMARY KEY ({columns})")',
        severity=severity_of(effect),
    )


def _is_primary(op: DropConstraintOp, table: TableState | None) -> bool:
    if op.constraint_type in ("primary", "primary key") or str(op.constraint_name).upper() == "PRIMARY":
        return True
    known = table.constraint(str(op.constraint_name)) if table is not None else None
    return known is not None and known.kind == "primary key"


def _adds_key(other: RecordedOp, step: RecordedOp) -> bool:
    return isinstance(other.op, CreatePrimaryKeyOp) and other.table == step.table
