"""Long work after a strong lock keeps the locked table shut until the work is done.

What it flags
    A statement whose time grows with a table (it changes, copies or checks rows) in the same transaction after a lock
    that keeps writers or readers out of a table which existed before the revision. Work that blocks its own table is
    flagged by the rule about that work.
Why it hurts
    PostgreSQL keeps every lock until the transaction ends. An ALTER TABLE that takes a millisecond shuts its table for
    as long as all that follows takes; and each further wait is a chance of a deadlock.
Example
    On postgresql:15:

        op.add_column("account", sa.Column("plan", sa.String(20)))
        op.execute("ALTER TABLE book VALIDATE CONSTRAINT ck_book_isbn")
Instead
    Do the short change in one revision:

        op.add_column("account", sa.Column("plan", sa.String(20)))

    And the long work in the next:

        op.execute("ALTER TABLE book VALIDATE CONSTRAINT ck_book_isbn")
When it is fine
    The tables are small and stay small.
References
    eugene E4 and E10; strong_migrations, "Validating a foreign key".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.copies import mentions
from ...core.dml import is_bounded
from ...core.finding import Finding, Severity
from ...core.holding import Held, strong_locks
from ...core.ops import DmlOp, ValidateConstraintOp, ViewOp
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-work-after-strong-lock",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(DmlOp, ValidateConstraintOp, ViewOp),
    new_tables=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag work that grows while somebody is kept out of another table."""
    worked_on = _grows_with(step, around)
    held = next(_held(step, around), None) if worked_on else None
    if held is None or (isinstance(step.op, ValidateConstraintOp) and held.effect.table == step.table):
        return
    who = "read or write" if held.effect.lock == "ACCESS EXCLUSIVE" else "write"
    yield around.finding(
        step,
        f"Nobody can {who} {held.effect.table}, locked in line {held.step.line}, until this statement has gone through "
        f"{worked_on}{around.size(worked_on)} and the transaction ends; the more rows, the longer.",
        f"Move this statement to a revision of its own, after {around.recording.revision}.",
        table=worked_on,
        effect=held.effect,
    )


def _held(step: RecordedOp, around: Surroundings) -> Iterator[Held]:
    """Yield the strong locks that the transaction took before, the strongest first."""
    locks = strong_locks(around.earlier, around.all_effects, around.state, around.recording.revision)
    mine = [held for held in locks if held.step.transaction == step.transaction]
    yield from sorted(mine, key=lambda held: -held.effect.blocks)


def _grows_with(step: RecordedOp, around: Surroundings) -> str | None:
    """Return the table that was there before the revision and whose rows the statement goes through."""
    if isinstance(step.op, DmlOp):
        return _rows_of(step.op, step, around)
    return next((e.table for e in around.effects if e.grows and _existed(e.table, around)), None)


def _rows_of(op: DmlOp, step: RecordedOp, around: Surroundings) -> str | None:
    if op.kind == "insert":
        source = (op.sql or step.sql or "").lower().partition("select")[2]
        read = (key for key, table in around.state.tables.items() if mentions(source, table.name))
        return (
            next((key for key in read if _existed(key, around)), None)
            if op.from_query and not op.limited
            else None
        )
    bounded = is_bounded(op, around.table(step), around.facts, step.table)
    return step.table if _existed(step.table, around) and not bounded else None


def _existed(table: str | None, around: Surroundings) -> bool:
    known = around.state.table(table)
    return known is None or known.created_in != around.recording.revision
