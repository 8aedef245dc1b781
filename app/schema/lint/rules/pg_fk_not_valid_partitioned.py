"""PostgreSQL before version 18 refuses a NOT VALID foreign key on a partitioned table, so the revision fails.

What it flags
    A foreign key with NOT VALID on a partitioned table, on PostgreSQL 17 and older.
Why it hurts
    "cannot add NOT VALID foreign key on partitioned table": the revision stops there on every database, however few
    rows it has.
Example
    On postgresql:15:

        op.create_table(
            "visit",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("account_id", sa.Integer()),
            postgresql_partition_by="RANGE (id)",
        )
        op.create_foreign_key(
            "fk_visit_account", "visit", "account", ["account_id"], ["id"], postgresql_not_valid=True
        )
Instead
    Add the key while the table is empty, or give it to each partition first, NOT VALID and then VALIDATE; the key of
    the partitioned table then takes those over and reads nothing:

        op.create_table(
            "visit",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("account_id", sa.Integer()),
            postgresql_partition_by="RANGE (id)",
        )
        op.create_foreign_key("fk_visit_account", "visit", "account", ["account_id"], ["id"])
When it is fine
    From PostgreSQL 18 on.
References
    Measured on PostgreSQL 15.18; PostgreSQL 18 release notes, "Allow NOT VALID foreign key constraints on partitioned
    tables".
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from alembic.operations.ops import CreateForeignKeyOp

from ...core.finding import Finding, FixStep, Severity
from ...core.online import is_not_valid
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-fk-not-valid-partitioned",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(CreateForeignKeyOp,),
    new_tables=True,
    supersedes=("pg-unvalidated-left-behind",),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag NOT VALID where it is refused."""
    op, table = step.as_(CreateForeignKeyOp), around.table(step)
    if not is_not_valid(op) or table is None or not table.partitioned or around.server.at_least(18):
        return
    yield around.finding(
        step,
        f"The revision fails: PostgreSQL {around.server.version[0]} refuses a NOT VALID foreign key on {step.table}, "
        "because it is partitioned.",
        "Add it NOT VALID to each partition, validate it there, and only then add it to the partitioned table, which "
        "takes the keys of the partitions over and reads nothing:",
        code=around.render((FixStep((_plain(op),)),)),
    )


def _plain(op: CreateForeignKeyOp) -> CreateForeignKeyOp:
    plain = copy(op)
    plain.kw = {name: value for name, value in op.kw.items() if name != "postgresql_not_valid"}
    return plain
