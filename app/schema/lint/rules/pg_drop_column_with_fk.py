"""Dropping a column that has a foreign key also locks the table that it refers to, against reads too.

What it flags
    `DROP COLUMN` where a foreign key of the column is still there, or one of another table that refers to it.
Why it hurts
    The key goes along, which takes ACCESS EXCLUSIVE on the other table until the commit: its SELECTs stop, although
    the statement does not name it.
Example
    On postgresql:15:

        allow = {"drop-column book.account_id": "unused since 4.2"}
        op.drop_column("book", "account_id")
Instead
    Drop the key first, in a transaction of its own:

        allow = {"drop-column book.account_id": "unused since 4.2"}
        with op.get_context().autocommit_block():
            op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")
        op.drop_column("book", "account_id")
When it is fine
    The other table is new in the revision, or goes away in it.
References
    Measured on PostgreSQL 15.18; django-pg-zero-downtime-migrations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import DropColumnOp, DropConstraintOp, DropTableOp

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.foreign_keys import other_parents
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import ConstraintState

RULE = Rule(
    id="pg-drop-column-with-fk",
    severity=Severity.WARNING,
    engines=POSTGRESQL,
    ops=(DropColumnOp,),
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a column whose key goes along."""
    op = step.as_(DropColumnOp)
    gone = {other.table for other in around.following if isinstance(other.op, DropTableOp)}
    for key in other_parents(step, around.table(step)):
        if str(op.column_name) not in key.columns or key.referred_table in gone:
            continue
        if not around.is_new(key.referred_table):
            yield _finding(step, op, key, around)


def _finding(step: RecordedOp, op: DropColumnOp, key: ConstraintState, around: Surroundings) -> Finding:
    drop = DropConstraintOp(key.name, op.table_name, "foreignkey", schema=op.schema)
    return around.finding(
        step,
        f"Dropping {step.table}.{op.column_name} drops {key.name or 'its foreign key'} too, which blocks every read "
        f"and write of {key.referred_table}{around.size(key.referred_table)} until the transaction commits.",
        "Drop the foreign key first, in a transaction of its own:",
        column=str(op.column_name),
        effect=around.effect_on(key.referred_table),
        fix=Fix("Drop the foreign key first", (FixStep((drop,), autocommit=True), FixStep((op,))))
        if key.name
        else None,
    )
