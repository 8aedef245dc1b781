"""If a later step fails, the earlier ones stay, and running the revision again fails at the first of them.

What it flags
    On MySQL and MariaDB: a step that fails where existing rows do not fit (unique, foreign key, check, NOT NULL,
    another type), behind another schema change in the same revision.
Why it hurts
    Every schema change there commits by itself. The database is left between two revisions with the older number;
    repairing that is done by hand, on production.
Example
    On mariadb:10.11:

        allow = {"add-unique-existing": "the labels have been checked"}
        op.add_column("shelf", sa.Column("code", sa.String(9)))
        op.create_index("ix_shelf_label", "shelf", ["label"], unique=True)
Instead
    Give the step that may fail a revision of its own:

        op.add_column("shelf", sa.Column("code", sa.String(9)))

    The next revision:

        allow = {"add-unique-existing": "the labels have been checked"}
        op.create_index("ix_shelf_label", "shelf", ["label"], unique=True)
When it is fine
    The rows have been checked, or every step says `if_not_exists` or `if_exists`.
References
    MySQL manual, "Statements That Cause an Implicit Commit"; Alembic, `transactional_ddl`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations import ops

from ...core.finding import Finding, Severity
from ..rule import MYSQL_FAMILY, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="non-transactional-multi-step", severity=Severity.WARNING, engines=MYSQL_FAMILY, scope="revision"
)

_CHANGES = (
    ops.CreateTableOp, ops.DropTableOp, ops.RenameTableOp, ops.AddColumnOp, ops.DropColumnOp, ops.AlterColumnOp,
    ops.CreateIndexOp, ops.DropIndexOp, ops.AddConstraintOp, ops.DropConstraintOp,
)  # fmt: skip


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag the first step that rows can stop, if something stands before it that stays."""
    changes = [s for s in around.recording.operations if isinstance(s.op, _CHANGES) and not _repeatable(s)]
    for number, step in enumerate(changes):
        earlier = [other for other in changes[:number] if other.statement != step.statement]
        if earlier and _may_fail(step, around):
            yield around.finding(
                step,
                f"If rows of {step.table} stop this step, {_said(earlier)} above it "
                f"{'stays' if len(earlier) == 1 else 'stay'}, the version does not change, and the revision cannot "
                "simply be run again: every schema change here commits by itself.",
                "Give this step a revision of its own.",
            )
            return


def _said(earlier: list[RecordedOp]) -> str:
    return "the change" if len(earlier) == 1 else f"the {len(earlier)} changes"


def _repeatable(step: RecordedOp) -> bool:
    """True if the step does no harm when it runs twice."""
    guards = (getattr(step.op, "if_exists", None), getattr(step.op, "if_not_exists", None))
    return any(guards) or "if_exists" in step.clauses or "if_not_exists" in step.clauses


def _may_fail(step: RecordedOp, around: Surroundings) -> bool:
    """True if what existing rows hold decides whether the step succeeds."""
    op = step.op
    if around.is_new(step.table):
        return False
    if isinstance(op, ops.CreateIndexOp):
        return bool(op.unique)
    if isinstance(op, ops.AlterColumnOp):
        return op.modify_type is not None or op.modify_nullable is False
    return isinstance(op, ops.AddConstraintOp)
