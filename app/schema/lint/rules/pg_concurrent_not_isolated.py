"""When a concurrent unique build meets a duplicate, what the revision did before stays, and it cannot be run again.

What it flags
    A unique index that is built concurrently in an `autocommit_block()`, after changes of the same revision that cannot
    be repeated. Changes with IF [NOT] EXISTS can be; so can settings, and rows that are updated to the same value.
Why it hurts
    `autocommit_block()` commits what was done before it. The build fails on the first duplicate, which no developer's
    database has; the version number then still says that nothing was done, and the next run stops at the first
    statement: "already exists". Other concurrent builds fail only if they are cut short, and are not flagged.
Example
    On postgresql:15:

        op.add_column("account", sa.Column("plan", sa.String(20)))
        with op.get_context().autocommit_block():
            op.create_index("uq_account_name", "account", ["name"], unique=True, postgresql_concurrently=True)
Instead
    Give the unique index a revision of its own, after the others:

        op.add_column("account", sa.Column("plan", sa.String(20)))

    And the next one:

        with op.get_context().autocommit_block():
            op.create_index("uq_account_name", "account", ["name"], unique=True, postgresql_concurrently=True)
When it is fine
    There are certainly no duplicates, or somebody watches the revision and can finish it by hand.
References
    GitLab, "Migration style guide", `disable_ddl_transaction!`: one concurrent operation in a migration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp, CreateIndexOp, DropIndexOp

from ...core.concurrent import is_concurrent
from ...core.finding import Finding, FixStep, Severity
from ...core.ops import (
    DmlOp,
    HarmlessOp,
    OpaqueOp,
    ReindexOp,
    SelectOp,
    SettingOp,
    TransactionOp,
    ValidateConstraintOp,
)
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-concurrent-not-isolated",
    severity=Severity.WARNING,
    engines=POSTGRESQL,
    ops=(CreateIndexOp,),
)
# What can be run a second time without failing; what rows that are inserted twice do is not known here.
_REPEATABLE = (
    DmlOp,
    HarmlessOp,
    OpaqueOp,
    ReindexOp,
    SelectOp,
    SettingOp,
    TransactionOp,
    ValidateConstraintOp,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a unique build behind something that would be done twice."""
    op = step.as_(CreateIndexOp)
    if not is_concurrent(op) or not op.unique or not step.autocommit or _is_empty(op, around):
        return
    first = next((other for other in around.earlier if not _can_repeat(other, around)), None)
    if first is None:
        return
    yield around.finding(
        step,
        f"If {step.table} holds a duplicate, the build of {op.index_name} fails when the change in line "
        f"{first.line} is already committed, and the database still stands at the revision before: the next `flask "
        "db upgrade` fails there.",
        f"Build {op.index_name} in a revision of its own:",
        code=f"# revision 2, after {around.recording.revision}\n{around.render((FixStep((op,), autocommit=True),))}",
    )


def _is_empty(op: CreateIndexOp, around: Surroundings) -> bool:
    """True if a column of the index is new in this revision and NULL in every row: there are no duplicates."""
    added = (other.op for other in around.earlier if isinstance(other.op, AddColumnOp))
    empty = {
        str(add.column.name)
        for add in added
        if add.column.server_default is None and add.table_name == op.table_name
    }
    return any(str(column) in empty for column in op.columns)


def _can_repeat(step: RecordedOp, around: Surroundings) -> bool:
    op = step.op
    if isinstance(op, _REPEATABLE) or getattr(op, "if_exists", None) or getattr(op, "if_not_exists", None):
        return True
    if "if_exists" in step.clauses or "if_not_exists" in step.clauses:
        return True
    return isinstance(op, CreateIndexOp) and _is_cleared_first(op, step, around)


def _is_cleared_first(op: CreateIndexOp, step: RecordedOp, around: Surroundings) -> bool:
    """True if the revision drops an index of that name, if there is one, before it builds it."""
    before = around.earlier[: around.earlier.index(step)]
    drops = (other.op for other in before if isinstance(other.op, DropIndexOp))
    return any(drop.if_exists and drop.index_name == op.index_name for drop in drops)
