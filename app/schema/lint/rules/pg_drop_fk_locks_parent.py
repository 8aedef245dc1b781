"""Dropping a foreign key also locks the table that it refers to, against reads too.

What it flags
    A foreign key that is dropped in a transaction which locks other tables too, or changes the schema in a way that
    takes long.
Why it hurts
    ACCESS EXCLUSIVE on both tables is held until the commit. The table referred to is often the busiest one, and
    nobody expects a statement about another table to stop its SELECTs.
Example
    On postgresql:15:

        allow = {"drop-constraint book.account_id": "accounts are kept for ever"}
        op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")
        op.add_column("shelf", sa.Column("room", sa.String(20)))
Instead
    Drop it in a transaction of its own, so that both locks last for milliseconds:

        allow = {"drop-constraint book.account_id": "accounts are kept for ever"}
        with op.get_context().autocommit_block():
            op.drop_constraint("fk_book_account_id_account", "book", type_="foreignkey")
        op.add_column("shelf", sa.Column("room", sa.String(20)))
When it is fine
    The table referred to is new in the revision, or goes away in it.
References
    Measured on PostgreSQL 15.18; GitLab, "Removing foreign keys".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreateTableOp, DropConstraintOp, DropTableOp

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.transactions import beside, blocked, lasts
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.effect import Effect
    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-drop-fk-locks-parent",
    severity=Severity.WARNING,
    engines=POSTGRESQL,
    scope="revision",
    fixable=True,
)


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag dropped keys whose lock on the other table lasts."""
    steps = around.recording.operations
    come_or_go = {s.table for s in steps if isinstance(s.op, (CreateTableOp, DropTableOp))}
    for step, effects in zip(steps, around.all_effects, strict=False):
        if not isinstance(step.op, DropConstraintOp) or step.table in come_or_go:
            continue
        parents = [e for e in effects if e.table != step.table and e.table not in come_or_go]
        if parents and "cascade" not in step.clauses and _is_held(step, parents[0], around):
            yield _finding(step, step.op, parents[0], around)


def _is_held(step: RecordedOp, parent: Effect, around: Surroundings) -> bool:
    """True if the transaction blocks a third table, or does something that takes long."""
    steps = around.recording.operations
    created = frozenset(str(s.table) for s in steps if isinstance(s.op, CreateTableOp))
    known = {step.table, parent.table, *created}
    return any(
        lasts(other, does, created) or blocked(does) - known
        for other, does in beside(around.recording, around.all_effects, step)
    )


def _finding(step: RecordedOp, op: DropConstraintOp, parent: Effect, around: Surroundings) -> Finding:
    return around.finding(
        step,
        f"Dropping {op.constraint_name} blocks every read and write of {step.table} and of {parent.table}"
        f"{around.size(parent.table)} until the transaction commits, with all else that it does.",
        "Drop it in a transaction of its own:",
        effect=parent,
        fix=Fix("Drop the foreign key on its own", (FixStep((op,), autocommit=True),)),
    )
