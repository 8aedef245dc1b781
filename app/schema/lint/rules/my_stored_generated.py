"""A stored generated column is computed for every row that is there: the table is copied while writers wait.

What it flags
    ADD COLUMN with GENERATED ALWAYS AS (…) STORED (or PERSISTENT) on an existing table; `sa.Computed(…,
    persisted=True)`.
Why it hurts
    Each row is written anew with its computed value, and each INSERT, UPDATE and DELETE waits until the copy is done.
Example
    On mariadb:10.11:

        op.add_column("account", sa.Column("shout", sa.String(50), sa.Computed("upper(name)", persisted=True)))
Instead
    Make it VIRTUAL: it is added at once, computed when it is read, and can be indexed all the same:

        op.add_column("account", sa.Column("shout", sa.String(50), sa.Computed("upper(name)", persisted=False)))
When it is fine
    The table was created in the same revision, or is small.
References
    MySQL manual, "Online DDL Operations", "Generated Column Operations"; measured on MariaDB 10.11.19: COPY for STORED,
    INSTANT for VIRTUAL.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp
from sqlalchemy import Column, Computed

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.table_copy import COPY_RULES, consequence, is_copied, severity_of
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-stored-generated",
    severity=Severity.ERROR,
    engines=MYSQL_FAMILY,
    ops=(AddColumnOp,),
    fixable=True,
    supersedes=COPY_RULES,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a generated column that is stored."""
    op, effect = step.as_(AddColumnOp), around.effect_on(step.table)
    computed = op.column.computed
    if computed is None or not computed.persisted or not is_copied(effect):
        return
    yield around.finding(
        step,
        f"To store {op.column.name} in each row, "
        f"{consequence(around.server, f'{step.table}{around.size(step.table)}', effect)}",
        "Make it VIRTUAL: it is added at once, computed when it is read, and can be indexed all the same:",
        fix=_virtual(op, computed) if around.stands_alone(step) else None,
        column=str(op.column.name),
        severity=severity_of(effect),
    )


def _virtual(op: AddColumnOp, computed: Computed) -> Fix:
    column = Column(
        op.column.name,
        op.column.type,
        Computed(computed.sqltext, persisted=False),
        nullable=op.column.nullable,
        comment=op.column.comment,
    )
    changed = copy(op)
    changed.column = column
    return Fix("Make the column VIRTUAL", (FixStep((changed,)),), safe=False)
