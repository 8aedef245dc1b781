"""Dropping a table and creating it anew under its name wipes all its rows.

What it flags
    `op.drop_table` (or `DROP TABLE IF EXISTS`) followed by `op.create_table` of the same name in one revision, and
    `CREATE OR REPLACE TABLE`.
Why it hurts
    It reads like a change of the table, but the new one is empty. The rows are lost on every database that had some;
    on a developer's empty database nobody notices.
Example
    On postgresql:15:

        op.drop_table("shelf")
        op.create_table("shelf", sa.Column("id", sa.BigInteger(), primary_key=True), sa.Column("label", sa.Text()))
Instead
    Change the table that is there:

        op.alter_column("shelf", "label", type_=sa.Text(), existing_type=sa.String(40))
When it is fine
    The table was created in the same revision, or it only ever holds what can be computed again; then allow it.
References
    strong_migrations, "Creating a table with the force option".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreateTableOp, DropTableOp

from ...core.finding import Finding, Severity
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="recreate-table",
    severity=Severity.ERROR,
    engines=EVERY_ENGINE,
    ops=(DropTableOp,),
    supersedes=("drop-table",),
    aliases=("create-table-force",),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a drop that is followed by the creation of the same table, as in `CREATE OR REPLACE TABLE`."""
    table = around.table(step)
    if table is not None and table.created_in == around.recording.revision:
        return
    if any(isinstance(s.op, CreateTableOp) and s.table == step.table for s in around.following):
        yield around.finding(
            step,
            f"All rows of {step.table}{around.size(step.table)} are lost: the table is dropped and created again, "
            "empty, under the same name.",
            f"Change {step.table} with op.add_column and op.alter_column, or create the new table under another name "
            "and copy the rows.",
        )
