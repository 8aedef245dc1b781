"""Dropping a column loses its values, and code that still runs fails on the next query.

What it flags
    `op.drop_column`, `batch.drop_column` or `DROP COLUMN` of a column that existed before the revision.
Why it hurts
    The values cannot be had back: a downgrade makes the column again, empty. Until the last old worker has stopped,
    it names the column in every SELECT and INSERT of the table, as SQLAlchemy does for each mapped column, and gets
    an error.
Example
    On postgresql:15:

        op.drop_column("account", "bio")
Instead
    Remove the column from the model and deploy that first. Drop it in a later release, and say that you mean it:

        allow = {"drop-column account.bio": "not mapped since release 41, saved in the archive"}
        op.drop_column("account", "bio")
When it is fine
    The column was added in the same revision, its values were copied to the column that takes its name, or no running
    code knows it and nobody needs the values.
References
    strong_migrations "Removing a column"; Atlas DS103; PostgreSQL manual, ALTER TABLE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import DropColumnOp

from ...core.copies import copies_of, takes_the_name
from ...core.finding import Finding, FixStep, Severity
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="drop-column", severity=Severity.ERROR, engines=EVERY_ENGINE, ops=(DropColumnOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a column that had values before the revision."""
    name = str(step.as_(DropColumnOp).column_name)
    column = around.column(step, name)
    if column is not None and column.added_in == around.recording.revision:
        return
    if takes_the_name(around.following, step) and any(copies_of(around.earlier, name)):
        return
    derived = column is not None and column.computed
    loss = (
        "" if derived else f"The values in {step.table}.{name}{around.size(step.table)} are lost for good. "
    )
    yield around.finding(
        step,
        f"{loss}Application code that still maps {name} fails on every SELECT and INSERT of {step.table} from the "
        "moment the column is gone.",
        "Remove it from the model and deploy that first; drop it when no running code maps it:",
        code=f"# revision 2, in a later release\n{around.render((FixStep((step.op,)),))}",
        column=name,
    )
