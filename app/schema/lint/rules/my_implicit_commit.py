"""The rows are committed by the schema change behind them, and changed a second time when the revision runs again.

What it flags
    An INSERT, or an UPDATE that computes a value from the old one, on an existing table, with a schema change behind
    it in the same revision.
Why it hurts
    MySQL and MariaDB commit before every CREATE, ALTER and DROP. If one of them fails, the rows stay while the version
    number does not change, and the next attempt inserts them again or adds to them again.
Example
    On mysql:8.4:

        op.execute("INSERT INTO shelf (id, label) VALUES (1, 'new')")
        op.create_index("ix_shelf_label", "shelf", ["label"])
Instead
    Change the rows last, or in a revision of their own:

        op.create_index("ix_shelf_label", "shelf", ["label"])
        op.execute("INSERT INTO shelf (id, label) VALUES (1, 'new')")
When it is fine
    The statement can be run twice: INSERT IGNORE, ON DUPLICATE KEY UPDATE, DELETE, an UPDATE to a constant. The table
    was created in the same revision.
References
    MySQL manual, "Statements That Cause an Implicit Commit".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from alembic.operations import ops

from ...core.finding import Finding, Severity
from ...core.ops import DmlOp
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-implicit-commit",
    severity=Severity.WARNING,
    engines=MYSQL_FAMILY,
    ops=(DmlOp, ops.BulkInsertOp),
)
_CHANGES = (
    ops.CreateTableOp, ops.DropTableOp, ops.RenameTableOp, ops.AddColumnOp, ops.DropColumnOp, ops.AlterColumnOp,
    ops.CreateIndexOp, ops.DropIndexOp, ops.AddConstraintOp, ops.DropConstraintOp,
)  # fmt: skip
_REPEATABLE = re.compile(r"\b(?:ignore|on\s+duplicate\s+key|not\s+exists|replace\s+into)\b", re.IGNORECASE)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag rows that a later schema change commits and that cannot be written twice."""
    change = next((other for other in around.following if isinstance(other.op, _CHANGES)), None)
    if change is None or not _adds_up(step):
        return
    kind = step.op.kind.upper() if isinstance(step.op, DmlOp) else "INSERT"
    yield around.finding(
        step,
        f"The schema change in line {change.line} commits this {kind}: if it or anything behind it fails, the rows of "
        f"{step.table} stay as written, the version does not change, and the next attempt writes them a second time.",
        f"Put the {kind} behind the last schema change, or into a revision of its own.",
    )


def _adds_up(step: RecordedOp) -> bool:
    """True if a second run changes more than the first one did."""
    op = step.op
    if isinstance(op, ops.BulkInsertOp):
        return bool(op.rows)
    if not isinstance(op, DmlOp) or _REPEATABLE.search(op.sql or step.sql or ""):
        return False
    if op.kind == "insert":
        return True
    return op.kind == "update" and any(_from_itself(column, op.sql) for column in op.columns)


def _from_itself(column: str, sql: str) -> bool:
    """True for `SET n = n + 1`."""
    name = rf"[\"`]?{re.escape(column)}[\"`]?"
    return re.search(rf"\b{name}\s*=[^,=]*(?<!\w){name}(?!\w)\s*[-+*/|]", sql, re.IGNORECASE) is not None
