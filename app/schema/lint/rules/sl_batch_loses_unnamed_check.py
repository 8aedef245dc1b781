"""A CHECK without a name is gone after the table is rebuilt, and rows that it refused are taken.

What it flags
    A batch block that rebuilds a table with a CHECK that has no name: written so, or made by `sa.Boolean` or `sa.Enum`
    with `create_constraint=True`.
Why it hurts
    Alembic reads the old table from the database and leaves out checks without a name, with a warning that a deploy
    shows to nobody. The revision is about something else, and nobody misses the check until bad rows are there.
Example
    On sqlite:3.40:

        op.execute("CREATE TABLE tag (id INTEGER PRIMARY KEY, size INTEGER CHECK (size > 0))")
        with op.batch_alter_table("tag") as batch:
            batch.alter_column("size", nullable=False)
Instead
    Hand the check to the block, with a name:

        op.execute("CREATE TABLE tag (id INTEGER PRIMARY KEY, size INTEGER CHECK (size > 0))")
        with op.batch_alter_table("tag", table_args=[sa.CheckConstraint("size > 0", name="ck_tag_size")]) as batch:
            batch.alter_column("size", nullable=False)
When it is fine
    The block is given the table (`copy_from`) or the check (`table_args`), or drops the column that it is about.
References
    Alembic, "Including unnamed UNIQUE, CHECK constraints". Measured on SQLite 3.40.1 with Alembic 1.20.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import MigrateOperation

from ...core.finding import Finding, Severity
from ...core.rebuild import dropped_columns, starts_rebuild, takes_part
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import ConstraintState
    from ..rule import Surroundings

RULE = Rule(
    id="sl-batch-loses-unnamed-check",
    severity=Severity.ERROR,
    engines=SQLITE,
    ops=(MigrateOperation,),
    new_tables=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag checks that the copy will not have."""
    batch = starts_rebuild(step, around.earlier)
    table = around.table(step)
    if batch is None or table is None or batch.has_copy_from or "table_args" in batch.given:
        return
    gone = dropped_columns(around.recording.operations, batch)
    lost = [
        check
        for check in table.of_kind("check")
        if check.name is None and not any(takes_part(column, check) for column in gone)
    ]
    if not lost or around.environment.guarded_rebuild:
        return
    checks = " and ".join(f"CHECK ({check.expression})" for check in lost)
    yield around.finding(
        step,
        f"{batch.table} loses {checks} without a word: the block rebuilds the table, and Alembic leaves out checks "
        "that "
        "have no name. Rows that were refused so far are then taken.",
        "Hand it to the block, with a name:",
        code=f'with op.batch_alter_table("{batch.table_name}", table_args=[{_named(lost, batch.table_name)}]) '
        "as batch_op:",
        column=lost[0].columns[0] if len(lost) == 1 and len(lost[0].columns) == 1 else None,
    )


def _named(checks: list[ConstraintState], table: str) -> str:
    """Return the checks as source, each with the name that the usual naming convention would give it."""
    names = (
        f"ck_{table}_{check.columns[0] if check.columns else number}"
        for number, check in enumerate(checks, 1)
    )
    pairs = zip(checks, names, strict=True)
    return ", ".join(f'sa.CheckConstraint({check.expression!r}, name="{name}")' for check, name in pairs)
