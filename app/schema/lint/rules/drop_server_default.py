"""Without its server default a column is NULL, or refuses the row, in every INSERT that leaves it out.

What it flags
    `op.alter_column(…, server_default=None)` or `DROP DEFAULT` on a column that had a default.
Why it hurts
    Code that still runs was written for the default: instances that do not name the column, other services, scripts
    and bulk loads. Their rows fail if the column is NOT NULL, and hold NULL where they held a value before.
Example
    On postgresql:15:

        op.alter_column("account", "active", server_default=None)
Instead
    Keep the default until every writer names the column; a server default costs nothing. Drop it in a later release:

        allow = {"drop-server-default account.active": "every writer sets it since release 41"}
        op.alter_column("account", "active", server_default=None)
When it is fine
    Every writer that runs names the column.
References
    django-migration-linter; strong_migrations, "Changing the default value of a column".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp

from ...core.finding import Finding, Severity
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="drop-server-default", severity=Severity.WARNING, engines=EVERY_ENGINE, ops=(AlterColumnOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a default that goes away."""
    op = step.as_(AlterColumnOp)
    column = around.column(step, str(op.column_name))
    if op.modify_server_default is not None or (
        column is not None and (column.default == "" or column.computed)
    ):
        return
    if any(_sets_default(later, step) for later in around.following):
        return
    required = column.nullable is False if column else op.existing_nullable is False
    fate = (
        "fails without the default, as the column is NOT NULL"
        if required
        else "stores NULL instead of the default"
    )
    yield around.finding(
        step,
        f"Every INSERT into {step.table} that leaves {op.column_name} out {fate}. Running code may rely on it.",
        f"Keep the default until every writer of {step.table} names {op.column_name}, and drop it in a later release.",
        column=str(op.column_name),
    )


def _sets_default(later: RecordedOp, step: RecordedOp) -> bool:
    """True if a later step of the revision gives the column a default again, as a change of its type needs."""
    op = later.op
    if not isinstance(op, AlterColumnOp) or later.table != step.table:
        return False
    given = op.modify_server_default is not None and op.modify_server_default is not False
    return given and op.column_name == step.as_(AlterColumnOp).column_name
