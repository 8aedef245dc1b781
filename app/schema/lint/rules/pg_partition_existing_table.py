"""A table cannot become partitioned in place: putting a partitioned one in its place moves every row in one go.

What it flags
    A partitioned table that is created in the place of one the revision renames or drops, or that the revision fills
    from an existing table.
Why it hurts
    Copying all rows takes as long as the table is large. Writes to the old table meanwhile are lost, unless it is
    locked; then the application waits. Foreign keys, indexes, triggers and grants of the old table do not follow.
Example
    On postgresql:15:

        allow = {"rename-table shelf": "the site is closed meanwhile"}
        op.rename_table("shelf", "shelf_old")
        op.create_table("shelf", sa.Column("id", sa.Integer()), postgresql_partition_by="RANGE (id)")
Instead
    Create the partitioned table beside the old one:

        op.create_table("shelf_parted", sa.Column("id", sa.Integer()), postgresql_partition_by="RANGE (id)")
        op.execute("CREATE TABLE shelf_parted_1 PARTITION OF shelf_parted FOR VALUES FROM (1) TO (1000000)")

    Let a trigger on the old table keep it up to date, fill it in batches, and swap the names when both are equal:

        with op.get_context().autocommit_block():
            op.execute("INSERT INTO shelf_parted SELECT id FROM shelf WHERE id BETWEEN 1 AND 1000")
When it is fine
    The table is small, or was created in the same revision.
References
    GitLab, "Database table partitioning"; PostgreSQL manual, "Table Partitioning".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreateTableOp, DropTableOp, RenameTableOp

from ...core.copies import mentions
from ...core.finding import Finding, Severity
from ...core.ops import DmlOp
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-partition-existing-table",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(CreateTableOp,),
    new_tables=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a partitioned table that takes the place of another."""
    op = step.as_(CreateTableOp)
    if not op.kw.get("postgresql_partition_by"):
        return
    old = next(_replaced(str(op.table_name), around), None) or next(_copied(step, around), None)
    if old is None:
        return
    yield around.finding(
        step,
        f"Partitioning {old}{around.size(old)} means that every row is copied: what the application writes meanwhile "
        f"is lost, or it waits until the copy is done. Foreign keys, indexes and grants of {old} do not follow.",
        "Create the partitioned table under another name, keep it up to date with a trigger, fill it in batches in "
        "the next revision, and swap the names when both are equal.",
        table=old,
    )


def _replaced(name: str, around: Surroundings) -> Iterator[str]:
    """Yield the name of a table that makes room for the new one, before it or after it."""
    for other in (*around.earlier, *around.following):
        op = other.op
        gone = isinstance(op, (RenameTableOp, DropTableOp)) and op.table_name
        takes = isinstance(op, RenameTableOp) and op.table_name == name and op.new_table_name
        if gone == name and other in around.earlier:
            yield name
        if takes and any(
            isinstance(s.op, (RenameTableOp, DropTableOp)) and s.op.table_name == takes
            for s in around.recording.operations
        ):
            yield str(takes)


def _copied(step: RecordedOp, around: Surroundings) -> Iterator[str]:
    """Yield the existing table that the new one is filled from in one statement."""
    for other in around.following:
        op = other.op
        if not isinstance(op, DmlOp) or not op.from_query or op.limited or other.table != step.table:
            continue
        source = (op.sql or other.sql or "").lower().partition("select")[2]
        for table in around.state.tables.values():
            if table.created_in != around.recording.revision and mentions(source, table.name):
                yield table.key
