"""A unique constraint on rows that are there fails on the first duplicate, and a racing writer can add one.

What it flags
    A unique constraint or unique index on columns of a table that existed before the revision, on MySQL, MariaDB and
    SQLite; on PostgreSQL where `--live` finds duplicates. Where it finds none, a warning is left.
Why it hurts
    Nothing has kept duplicates out until now. A developer's database has none; in production the revision stops, on
    MySQL and MariaDB with the statements before it already committed.
Example
    On sqlite:3.40:

        op.create_index("uq_account_name", "account", ["name"], unique=True)
Instead
    Look for duplicates, decide what becomes of them, and say that you did:

        allow = {"add-unique-existing account.name": "0 duplicates on 2026-11-20, the form refuses new ones"}
        op.create_index("uq_account_name", "account", ["name"], unique=True)
When it is fine
    The columns were added in the same revision and hold NULL, another unique key already covers some of them, or the
    revision removes duplicates before.
References
    Atlas MF101, MF102; django-migration-linter ADD_UNIQUE. On PostgreSQL the same statement blocks the table as well:
    pg-add-unique-constraint and pg-create-index-blocking speak about it there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreateIndexOp, CreateUniqueConstraintOp

from ...core.finding import Finding, Severity
from ...core.keys import keeps_unique, unique_keys
from ...core.ops import DmlOp
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.facts import Violation
    from ...core.recorded import RecordedOp

RULE = Rule(
    id="add-unique-existing",
    severity=Severity.ERROR,
    engines=EVERY_ENGINE,
    ops=(CreateUniqueConstraintOp, CreateIndexOp),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag uniqueness that nothing has enforced so far."""
    op = step.op
    if not isinstance(op, (CreateUniqueConstraintOp, CreateIndexOp)) or (
        isinstance(op, CreateIndexOp) and not op.unique
    ):
        return
    columns = tuple(str(getattr(column, "name", None) or column) for column in op.columns)
    if not columns or _holds_already(step, columns, around) or _starts_empty(step, columns, around):
        return
    listed = ", ".join(columns)
    seen = around.facts.duplicates.get((str(step.table), columns)) if around.facts else None
    if around.server.engine == "postgresql" and seen is None:
        return  # What is certain there is the lock, and rules of its own speak about that.
    consequence = (
        f"The revision fails: {seen.count:,} values of {listed} occur more than once in {step.table}{_examples(seen)}."
        if seen
        else f"The revision fails if two rows of {step.table}{around.size(step.table)} have the same {listed}: nothing "
        "has kept duplicates out until now."
    )
    yield around.finding(
        step,
        consequence,
        "Look for duplicates first, and decide what becomes of them:",
        code=f"SELECT {listed}, count(*) FROM {step.table} GROUP BY {listed} HAVING count(*) > 1",
        column=columns[0] if len(columns) == 1 else None,
        severity=Severity.WARNING if around.facts and not seen else None,
    )


def _examples(seen: Violation) -> str:
    return f", such as {', '.join(seen.examples)}" if seen.examples else ""


def _holds_already(step: RecordedOp, columns: tuple[str, ...], around: Surroundings) -> bool:
    """True if another unique key covers some of the columns, or did so until this revision replaced it."""
    gone = around.state.dropped_in(around.recording.revision, step.table)
    return keeps_unique((*unique_keys(around.table(step)), *gone), columns)


def _starts_empty(step: RecordedOp, columns: tuple[str, ...], around: Surroundings) -> bool:
    """True if the revision removes duplicates itself, or a column is new here and NULL in every row."""
    cleaned = (s.op for s in around.earlier if s.table == step.table and isinstance(s.op, DmlOp))
    if any(op.kind in ("delete", "update") and (op.where or op.limited) for op in cleaned):
        return True
    states = (around.column(step, name) for name in columns)
    return any(
        c is not None and c.added_in == around.recording.revision and c.nullable and not c.default
        for c in states
    )
