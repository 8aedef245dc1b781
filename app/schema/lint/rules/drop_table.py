"""Dropping a table loses all its rows, and code that still runs fails on the next query.

What it flags
    `op.drop_table` or `DROP TABLE` of a table that existed before the revision.
Why it hurts
    The rows cannot be had back: a downgrade makes an empty table. Until the last old worker has stopped, each of its
    queries of the table gets an error.
Example
    On postgresql:15:

        op.drop_table("shelf")
Instead
    Remove the model and deploy that first. Drop the table in a later release, and say that you mean it:

        allow = {"drop-table shelf": "no code uses it since release 41, saved in the archive"}
        op.drop_table("shelf")
When it is fine
    The table was created in the same revision, a failed batch block left it behind (`_alembic_tmp_…`), its rows were
    copied to the table that takes its name, or no running code knows it and nobody needs the rows.
References
    Atlas DS102; GitLab, "Dropping a database table"; online_migrations, "Removing a table".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import DropTableOp

from ...core.copies import copies_of, takes_the_name
from ...core.finding import Finding, FixStep, Severity
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="drop-table", severity=Severity.ERROR, engines=EVERY_ENGINE, ops=(DropTableOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a table that had rows before the revision."""
    table = around.table(step)
    made_here = table is not None and table.created_in == around.recording.revision
    left_over = str(step.as_(DropTableOp).table_name).startswith("_alembic_tmp_")
    if made_here or left_over or _is_copied_first(step, around):
        return
    yield around.finding(
        step,
        f"All rows of {step.table}{around.size(step.table)} are lost for good. Application code that still uses "
        f"{step.table} fails from the moment the table is gone.",
        "Remove it from the models and deploy that first; drop it when no running code uses it:",
        code=f"# revision 2, in a later release\n{around.render((FixStep((step.op,)),))}",
    )


def _is_copied_first(step: RecordedOp, around: Surroundings) -> bool:
    """True if a table that takes the name afterwards was filled with the rows before."""
    name = str(step.as_(DropTableOp).table_name)
    return takes_the_name(around.following, step) and any(copies_of(around.earlier, name))
