"""A new table's foreign key blocks writes to the table that it refers to, until the transaction ends.

What it flags
    `CREATE TABLE … REFERENCES` an existing table (or a foreign key of a new table) in a transaction that goes on with
    a change of the schema that takes long: an index, a rewrite, a constraint that reads all rows. Changes of rows
    behind it are flagged by pg-work-after-strong-lock.
Why it hurts
    SHARE ROW EXCLUSIVE on the existing table is taken at once and held until the commit. Alone that is milliseconds;
    with an index or a scan behind it, nobody writes to the existing table for as long as that takes.
Example
    On postgresql:15:

        allow = {"pg-create-index-blocking book": "at night"}
        op.create_table(
            "note",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")),
        )
        op.create_index("ix_book_isbn", "book", ["isbn"])
Instead
    Let what takes long go first, or into a later revision:

        allow = {"pg-create-index-blocking book": "at night"}
        op.create_index("ix_book_isbn", "book", ["isbn"])

    In the next revision:

        op.create_table(
            "note",
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("account_id", sa.Integer(), sa.ForeignKey("account.id")),
        )
When it is fine
    The tables referred to are new as well, or nothing behind it takes long.
References
    Measured on PostgreSQL 15.18; GitLab, "Foreign keys"; squawk issue 938.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreateForeignKeyOp, CreateTableOp

from ...core.finding import Finding, Severity
from ...core.foreign_keys import new_keys
from ...core.transactions import lasts
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-create-table-fk-locks-parent", severity=Severity.WARNING, engines=POSTGRESQL, scope="revision"
)


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag foreign keys of new tables whose lock on an existing table lasts."""
    steps = around.recording.operations
    created = frozenset(s.table for s in steps if isinstance(s.op, CreateTableOp) and s.table)
    for index, step in enumerate(steps):
        if not isinstance(step.op, (CreateTableOp, CreateForeignKeyOp)) or step.table not in created:
            continue
        parents = sorted({key.parent for key in new_keys(step.op)} - created)
        cause = _lasting(index, created, around) if parents else None
        if cause is not None:
            yield _finding(step, parents, cause, around)


def _lasting(index: int, created: frozenset[str], around: Surroundings) -> RecordedOp | None:
    """Return the first operation behind this one, in its transaction, that takes long."""
    steps = around.recording.operations
    later = zip(steps[index + 1 :], around.all_effects[index + 1 :], strict=False)
    same = ((s, effects) for s, effects in later if s.transaction == steps[index].transaction)
    return next((s for s, effects in same if lasts(s, effects, created)), None)


def _finding(step: RecordedOp, parents: list[str], cause: RecordedOp, around: Surroundings) -> Finding:
    effects = around.all_effects[around.recording.operations.index(step)]
    return around.finding(
        step,
        f"The foreign key of {step.table} blocks every INSERT, UPDATE and DELETE on {' and '.join(parents)}"
        f"{around.size(parents[0])} until line {cause.line} is done and the transaction commits.",
        "Let this be committed first: put what takes long into a later revision.",
        effect=next((effect for effect in effects if effect.table in parents), None),
    )
