"""Taking the default from a NOT NULL column at once makes every INSERT of the code that still runs fail.

What it flags
    `op.alter_column(…, server_default=None)` or `DROP DEFAULT` on a NOT NULL column that the same revision added to a
    table which existed before.
Why it hurts
    The default filled the rows that were there; nothing fills the next one. Old instances do not know the column, so
    their INSERTs store NULL and are refused until the last of them is gone.
Example
    On postgresql:15:

        op.add_column("account", sa.Column("plan", sa.String(20), nullable=False, server_default="free"))
        op.alter_column("account", "plan", server_default=None)
Instead
    Keep the default; drop it, if at all, in a later release:

        op.add_column("account", sa.Column("plan", sa.String(20), nullable=False, server_default="free"))
When it is fine
    The application is down during the deploy.
References
    django-migration-linter NOT_NULL; django-pg-zero-downtime-migrations, "default values".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp

from ...core.finding import Finding, Fix, Severity
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-add-column-not-null-default-app",
    severity=Severity.WARNING,
    engines=POSTGRESQL,
    ops=(AlterColumnOp,),
    fixable=True,
    supersedes=("drop-server-default",),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a default that is gone before the code that needs it."""
    op = step.as_(AlterColumnOp)
    column = around.column(step, str(op.column_name))
    if op.modify_server_default is not None or op.modify_nullable or column is None:
        return
    if column.nullable is not False or not column.default or column.added_in != around.recording.revision:
        return
    yield around.finding(
        step,
        f"Every INSERT into {step.table} by code that does not know {op.column_name} yet fails from this statement on: "
        f"{op.column_name} is NOT NULL and has no default any more.",
        "Leave this statement out and keep the default; drop it in a later release, when all running code writes "
        f"{op.column_name}.",
        fix=Fix("Keep the default", (), safe=False) if _does_nothing_else(op) else None,
        column=str(op.column_name),
    )


def _does_nothing_else(op: AlterColumnOp) -> bool:
    return op.modify_type is None and op.modify_name is None and op.modify_nullable is None
