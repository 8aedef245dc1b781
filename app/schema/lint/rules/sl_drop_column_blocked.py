"""The column cannot be dropped: an index, a key, a check, a foreign key or a view still uses it.

What it flags
    `op.drop_column` of a column that is indexed, UNIQUE, in the primary key, in a CHECK or a foreign key of the table,
    in the condition of a partial index or in a view; in a batch block, of one that an index or a named CHECK uses.
Why it hurts
    SQLite refuses with `error in index … after drop column`, `cannot drop UNIQUE column` and the like. In a batch block
    Alembic makes the index or the check again, for a column that is not there: `no such column`.
Example
    On sqlite:3.40:

        allow = {"drop-column book.account_id": "no code uses it since release 41"}
        with op.batch_alter_table("book") as batch:
            batch.drop_column("account_id")
Instead
    Drop what uses it first:

        allow = {"drop-column book.account_id": "no code uses it since release 41"}
        with op.batch_alter_table("book") as batch:
            batch.drop_index("ix_book_account_id")
            batch.drop_column("account_id")
When it is fine
    Never.
References
    SQLite documentation, "ALTER TABLE DROP COLUMN". Measured on SQLite 3.40.1 with Alembic 1.20.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import DropColumnOp, DropConstraintOp, DropIndexOp, MigrateOperation

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.ops import ViewOp
from ...core.rebuild import (
    computed_from,
    constraint_uses,
    costs_no_rows,
    dropped_columns,
    in_block,
    index_uses,
)
from ...core.state import ConstraintState, IndexState
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="sl-drop-column-blocked",
    severity=Severity.ERROR,
    engines=SQLITE,
    ops=(DropColumnOp,),
    new_tables=True,
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a column that something else still needs."""
    op, name, table = step.as_(DropColumnOp), str(step.as_(DropColumnOp).column_name), around.table(step)
    if table is None:
        return
    rebuilt = step.batch is not None and step.batch.recreates
    users: list[IndexState | ConstraintState] = [
        *(i for i in table.indexes.values() if index_uses(i, name, rebuilt=rebuilt)),
        *(c for c in table.constraints if constraint_uses(c, name, rebuilt=rebuilt)),
    ]
    users = [user for user in users if not _goes_too(step, user, around)]
    guarded = rebuilt and around.environment.guarded_rebuild
    if guarded:  # indexes go with the column, and the end of the revision is what has to fit
        users = [user for user in users if isinstance(user, ConstraintState)]
    later = {s.op.name for s in around.following if isinstance(s.op, ViewOp)} if guarded else set()
    gone = dropped_columns(around.recording.operations, step.batch) if guarded and step.batch else set()
    settled = {f"view {it}" for it in later} | {f"generated column {it}" for it in gone}
    computed = [] if rebuilt and not guarded else computed_from(around.state, table, name)
    others = [user for user in computed if user not in settled]
    if not users and not others:
        return
    said = [*map(_said, users), *others]
    yield around.finding(
        step,
        f"The revision fails: {step.table}.{name} cannot be dropped while {' and '.join(said)} "
        f"{'uses' if len(said) == 1 else 'use'} it.",
        f"Drop {said[-1]} first, and create it again without {name}."
        if others
        else "Drop what uses it first:",
        column=name,
        fix=None if others else _fix(op, users, around, rebuilt=rebuilt),
    )


def _goes_too(step: RecordedOp, user: IndexState | ConstraintState, around: Surroundings) -> bool:
    """True if the same batch block drops it later: the block is carried out as a whole."""
    later = in_block(around.following, step.batch) if step.batch is not None and step.batch.recreates else ()
    names = (getattr(s.op, "index_name", None) or getattr(s.op, "constraint_name", None) for s in later)
    return user.name is not None and user.name in names


def _said(user: IndexState | ConstraintState) -> str:
    if isinstance(user, IndexState):
        return f"index {user.name}"
    columns = ", ".join(user.columns)
    if user.kind in ("primary key", "unique") or not user.name:
        return f"the {user.kind.upper()}{f' ({columns})' if columns else ''}"
    return f"{user.kind} {user.name}"


def _fix(
    op: DropColumnOp, users: list[IndexState | ConstraintState], around: Surroundings, *, rebuilt: bool
) -> Fix:
    drops: list[MigrateOperation] = []
    for user in users:
        if isinstance(user, IndexState):
            drops.append(DropIndexOp(str(user.name), op.table_name, schema=op.schema))
        elif user.kind == "check" and user.name:
            drops.append(DropConstraintOp(user.name, op.table_name, "check", schema=op.schema))
    in_batch = rebuilt or any(isinstance(user, ConstraintState) for user in users)
    enforced = in_batch and around.environment.foreign_keys
    harmless = costs_no_rows(around.state, op.table_name, enforced=enforced)
    return Fix("Drop what uses the column first", (FixStep((*drops, op), batch=in_batch),), safe=harmless)
