"""Dropping a table that has foreign keys also locks the tables that they refer to, against reads too.

What it flags
    `DROP TABLE` while the table has foreign keys to tables that stay.
Why it hurts
    ACCESS EXCLUSIVE is taken on each of these tables, in one statement and until the commit: their SELECTs stop, and
    an application that uses two of them deadlocks with it.
Example
    On postgresql:15:

        allow = {"drop-table book": "archived on 2026-11-20"}
        op.drop_table("book")
Instead
    Drop the keys first, each in a transaction of its own:

        allow = {"drop-table book": "archived on 2026-11-20"}
        with op.get_context().autocommit_block():
            op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")
        op.drop_table("book")
When it is fine
    The tables referred to are new in the revision, or go away in it.
References
    Measured on PostgreSQL 15.18; online_migrations, drop_table_multiple_foreign_keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import DropConstraintOp, DropTableOp

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.foreign_keys import other_parents
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import ConstraintState

RULE = Rule(
    id="pg-drop-table-locks-parents",
    severity=Severity.WARNING,
    engines=POSTGRESQL,
    ops=(DropTableOp,),
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a table that goes with its keys."""
    keys = [key for key in other_parents(step, around.table(step)) if _stays(key.referred_table, around)]
    if not keys:
        return
    parents = sorted({str(key.referred_table) for key in keys})
    yield around.finding(
        step,
        f"Dropping {step.table} blocks every read and write of {' and '.join(parents)}{around.size(parents[0])} until "
        "the transaction commits: the foreign keys go along.",
        "Drop the foreign keys first, each in a transaction of its own:",
        effect=around.effect_on(parents[0]),
        fix=_fix(step.as_(DropTableOp), keys),
    )


def _stays(parent: str | None, around: Surroundings) -> bool:
    gone = any(isinstance(other.op, DropTableOp) and other.table == parent for other in around.following)
    return not gone and not around.is_new(parent)


def _fix(op: DropTableOp, keys: list[ConstraintState]) -> Fix | None:
    if not all(key.name for key in keys):
        return None
    drops = tuple(
        FixStep((DropConstraintOp(key.name, op.table_name, "foreignkey", schema=op.schema),), autocommit=True)
        for key in keys
    )
    return Fix("Drop the foreign keys first", (*drops, FixStep((op,))))
