"""Moving values to a new place and dropping the old one at once leaves no moment at which old and new code work.

What it flags
    One revision that copies a column or a table to its replacement and drops the original.
Why it hurts
    The values are safe, the running application is not: old workers fail from the drop on, new workers failed before
    it, and what old workers write between the copy and the drop is lost. Rolling back the code is not possible.
Example
    On sqlite:3.40:

        op.create_table("rack", sa.Column("rack_id", sa.Integer()), sa.Column("text", sa.String(40)))
        op.execute("INSERT INTO rack (rack_id, text) SELECT id, label FROM shelf")
        op.drop_table("shelf")
Instead
    Expand in this release: add the new place, write to both from the code, copy the old values. Contract in a later
    one, when no running code uses the old place:

        op.create_table("rack", sa.Column("rack_id", sa.Integer()), sa.Column("text", sa.String(40)))
When it is fine
    The application is down during the deploy.
References
    GitLab, "Avoiding downtime in migrations" (post-deployment migrations); Fowler, "Parallel Change".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp, CreateTableOp, DropColumnOp, DropTableOp

from ...core.copies import copies_of, takes_the_name
from ...core.finding import Finding, Severity
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="contract-in-same-release",
    severity=Severity.ERROR,
    engines=EVERY_ENGINE,
    ops=(DropColumnOp, DropTableOp),
    supersedes=("drop-column", "drop-table", "drop-column-not-null-first"),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a drop of what the revision has just copied elsewhere."""
    table = around.table(step)
    name = (
        str(step.op.column_name)
        if isinstance(step.op, DropColumnOp)
        else str(step.as_(DropTableOp).table_name)
    )
    if (table is not None and table.created_in == around.recording.revision) or takes_the_name(
        around.following, step
    ):
        return
    place = f"{step.table}.{name}" if isinstance(step.op, DropColumnOp) else str(step.table)
    new = _new_place(step, name, around)
    if new is None:
        return
    yield around.finding(
        step,
        f"Running code fails as soon as {place} is gone, and what it writes between the copy to {new} and the drop is "
        "lost: one release both moves the values and takes the old place away.",
        f"Leave {place} in this revision and write both from the code; drop it in a later release, when no running "
        "code uses it.",
        column=name if isinstance(step.op, DropColumnOp) else None,
    )


def _new_place(step: RecordedOp, name: str, around: Surroundings) -> str | None:
    """Return the column or table, new in this revision, that the values were copied to."""
    source = str(step.table).rpartition(".")[2]
    names = (source, name) if isinstance(step.op, DropColumnOp) else (source,)
    for copy in copies_of(around.earlier, *names):
        for other in around.earlier:
            if other.table != copy.table:
                continue
            if isinstance(other.op, CreateTableOp):
                return str(other.table)
            if isinstance(other.op, AddColumnOp) and any(copies_of([copy], str(other.op.column.name))):
                return f"{other.table}.{other.op.column.name}"
    return None
