"""After the rebuild the numbers of deleted rows are given out again: AUTOINCREMENT is lost.

What it flags
    A batch block that rebuilds a table made with `sqlite_autoincrement=True` or AUTOINCREMENT, and does not say so.
Why it hurts
    Alembic cannot read the word from the database. Without it SQLite gives a new row the greatest number plus one,
    which a deleted row may have had: what still refers to the old row by number then shows the new one.
Example
    On sqlite:3.40:

        op.execute("CREATE TABLE tag (id INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER)")
        with op.batch_alter_table("tag") as batch:
            batch.alter_column("size", nullable=False)
Instead
    Say it again:

        op.execute("CREATE TABLE tag (id INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER)")
        with op.batch_alter_table("tag", table_kwargs={"sqlite_autoincrement": True}) as batch:
            batch.alter_column("size", nullable=False)
When it is fine
    No number of a deleted row is kept anywhere.
References
    SQLite documentation, "SQLite Autoincrement". Measured on SQLite 3.40.1 with Alembic 1.20.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import MigrateOperation

from ...core.finding import Finding, Severity
from ...core.rebuild import starts_rebuild
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="sl-batch-loses-autoincrement",
    severity=Severity.WARNING,
    engines=SQLITE,
    ops=(MigrateOperation,),
    new_tables=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a rebuild that forgets the word."""
    batch = starts_rebuild(step, around.earlier)
    table = around.table(step)
    if batch is None or table is None or batch.has_copy_from or around.environment.guarded_rebuild:
        return
    if table.options.get("sqlite_autoincrement") == "True" and "sqlite_autoincrement" not in batch.given:
        yield around.finding(
            step,
            f"New rows of {batch.table} get the numbers of deleted ones from now on: the block rebuilds the table "
            "without "
            "AUTOINCREMENT, which Alembic cannot read from the database.",
            "Say it again:",
            code=f'with op.batch_alter_table("{batch.table_name}", table_kwargs={{"sqlite_autoincrement": True}}) '
            "as batch_op:",
        )
