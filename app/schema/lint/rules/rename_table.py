"""Renaming a table breaks the application that runs: old code asks for the old name, new code for the new one.

What it flags
    `op.rename_table`, `ALTER TABLE … RENAME TO` and `RENAME TABLE` of a table that existed before the revision.
Why it hurts
    The database knows one of the two names at any moment. Before the revision the new code fails on every query of
    the table, after it the old code does, until the last worker has been replaced; rolling back the code fails too.
Example
    On postgresql:15:

        op.rename_table("shelf", "rack")
Instead
    Keep the name in the database and rename the class: `class Rack(db.Model): __tablename__ = "shelf"` needs no
    migration. Or leave a view under the old name in the same transaction; PostgreSQL writes through simple views:

        op.rename_table("shelf", "rack")
        op.execute("CREATE VIEW shelf AS SELECT * FROM rack")
When it is fine
    The table was created in the same revision, a view takes the old name, or the new table takes the place of one
    that the revision moved away.
References
    strong_migrations, "Renaming a table"; Atlas BC101; PostgreSQL manual, "Updatable Views".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import DropTableOp, RenameTableOp

from ...core.finding import Finding, Severity
from ...core.ops import ViewOp
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(id="rename-table", severity=Severity.ERROR, engines=EVERY_ENGINE, ops=(RenameTableOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a new name for a table that running code may use."""
    op, table = step.as_(RenameTableOp), around.table(step)
    made_here = table is not None and table.created_in == around.recording.revision
    if (
        op.new_table_name == op.table_name
        or made_here
        or _name_stays(step, around)
        or _goes_away(step, around)
    ):
        return
    new = str(op.new_table_name)
    yield around.finding(
        step,
        f"Running code fails on every query of {step.table} once the table is called {new}, and new code fails until "
        "then: there is no moment at which both versions of the application work.",
        f'Keep the name in the database and rename the class only (__tablename__ = "{op.table_name}"). Or leave a '
        "view under the old name until no running code uses it:",
        code=_with_view(step, around),
    )


def _name_stays(step: RecordedOp, around: Surroundings) -> bool:
    """True if a view or another table answers under the old name when the revision is done."""
    name = step.as_(RenameTableOp).table_name
    for other in around.following:
        op = other.op
        if isinstance(op, ViewOp) and op.name == name and op.action in ("create", "replace"):
            return True
        if isinstance(op, RenameTableOp) and op.new_table_name == name:
            return True
    return False


def _goes_away(step: RecordedOp, around: Surroundings) -> bool:
    """True if the renamed table is dropped in the same revision: that is what is reported then."""
    new = step.as_(RenameTableOp).new_table_name
    return any(isinstance(s.op, DropTableOp) and s.op.table_name == new for s in around.following)


def _with_view(step: RecordedOp, around: Surroundings) -> str:
    op = step.as_(RenameTableOp)
    schema = f", schema={op.schema!r}" if op.schema else ""
    target = f"{op.schema}.{op.new_table_name}" if op.schema else str(op.new_table_name)
    return (
        f"op.rename_table({str(op.table_name)!r}, {str(op.new_table_name)!r}{schema})\n"
        f'op.execute("CREATE VIEW {step.table} AS SELECT * FROM {target}")'
    )
