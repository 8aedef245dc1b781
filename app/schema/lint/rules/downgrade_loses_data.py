"""`flask db downgrade` deletes what people have entered since the upgrade.

What it flags
    A `downgrade()` that drops a table or a column. Off unless asked for: nearly every revision that adds something has
    one, and it is the moment of going back that needs the warning.
Why it hurts
    A downgrade is run in a hurry, when a release went wrong. The column goes with everything that was written to it;
    upgrading again brings the column back, not the values.
Example
    On postgresql:15:

        def upgrade():
            op.add_column("account", sa.Column("nickname", sa.String(50)))
        def downgrade():
            op.drop_column("account", "nickname")
Instead
    Keep the data out of the way, or refuse:

        def upgrade():
            op.add_column("account", sa.Column("nickname", sa.String(50)))
        def downgrade():
            raise NotImplementedError("not reversible: the names would be lost")
When it is fine
    Nobody has written to the column yet, or the values can be computed again.
References
    Flask-Migrate documentation, `flask db downgrade`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import DropColumnOp, DropTableOp

from ...core.finding import Finding, Severity
from ..rule import EVERY_ENGINE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..rule import Surroundings

RULE = Rule(
    id="downgrade-loses-data",
    severity=Severity.WARNING,
    engines=EVERY_ENGINE,
    scope="revision",
    default=False,
)


def check(around: Surroundings) -> Iterator[Finding]:
    """Flag what a downgrade drops."""
    for step in around.downgrade.operations if around.downgrade else ():
        column = str(step.op.column_name) if isinstance(step.op, DropColumnOp) else None
        if column is None and not isinstance(step.op, DropTableOp):
            continue
        what = f"column {column} of {step.table}" if column else f"table {step.table}"
        yield around.finding(
            step,
            f"`flask db downgrade` deletes {what} with everything written to it since the upgrade; upgrading again "
            "does not bring the values back.",
            'Copy the rows to another table first, or `raise NotImplementedError("not reversible: why")`.',
            column=column,
        )
