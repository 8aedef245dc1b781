"""A table without a primary key takes duplicates, and logical replication refuses its UPDATEs and DELETEs.

What it flags
    `CREATE TABLE` without a primary key, where the revision adds none.
Why it hurts
    Two equal rows cannot be told apart or deleted one by one, SQLAlchemy cannot map the table, and as soon as it is
    published, every UPDATE and DELETE fails for want of a replica identity.
Example
    On postgresql:15:

        op.create_table("visit", sa.Column("account_id", sa.Integer()), sa.Column("day", sa.Date()))
Instead
    Give it a key, its own or one of the columns that it has:

        op.create_table(
            "visit",
            sa.Column("account_id", sa.Integer(), primary_key=True, autoincrement=False),
            sa.Column("day", sa.Date(), primary_key=True),
        )
When it is fine
    A log that is only ever written to. Temporary and partitioned tables, partitions and copies of a query are not
    flagged: the key of a partitioned table has to contain what it is partitioned by.
References
    PostgreSQL manual, "Replica Identity"; strong_migrations; diesel-guard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp, CreatePrimaryKeyOp, CreateTableOp, DropTableOp
from sqlalchemy import Column, PrimaryKeyConstraint

from ...core.finding import Finding, Severity
from ...core.ops import TableOptionOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="pg-table-without-pk", severity=Severity.WARNING, engines=POSTGRESQL, ops=(CreateTableOp,))
_TAKEN_FROM_ELSEWHERE = {"like", "inherits", "of", "as", "temp", "temporary", "virtual"}


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a new table that has no key when the revision is done."""
    op = step.as_(CreateTableOp)
    if _TAKEN_FROM_ELSEWHERE & set(step.clauses) or _is_special(op) or _has_key(op):
        return
    if any(other.table == step.table and _settles(other) for other in around.following):
        return
    if around.table(step) is not None and op.if_not_exists:
        return
    yield around.finding(
        step,
        f"{step.table} has no primary key: equal rows cannot be told apart, and once the table is replicated, every "
        "UPDATE and DELETE of it fails.",
        f"Give {step.table} a primary key: a column of its own, or those that make a row unique.",
    )


def _is_special(op: CreateTableOp) -> bool:
    """True for a temporary or partitioned table."""
    return bool(op.kw.get("postgresql_partition_by")) or any(
        str(word).upper() in ("TEMP", "TEMPORARY") for word in getattr(op, "prefixes", None) or ()
    )


def _has_key(op: CreateTableOp) -> bool:
    columns = [item for item in op.columns if isinstance(item, Column)]
    declared = any(isinstance(item, PrimaryKeyConstraint) for item in op.columns)
    return declared or not columns or any(column.primary_key for column in columns)


def _settles(other: RecordedOp) -> bool:
    """True for what gives the table a key or another identity, or takes it away again."""
    op = other.op
    if isinstance(op, AddColumnOp):
        return bool(op.column.primary_key)
    if isinstance(op, TableOptionOp):
        return op.option == "replica identity"
    return isinstance(op, (CreatePrimaryKeyOp, DropTableOp))
