"""The models still map the column: every query of the table fails as soon as it is dropped.

What it flags
    Dropping a column that the application's models contain now, and that no later revision adds again.
Why it hurts
    SQLAlchemy names each mapped column in every SELECT and INSERT. With the column gone, the application that is
    deployed together with this revision cannot read one row of the table.
Example
    Where the models map `account.bio`:

        allow = {"drop-column account.bio": "moved to the profile service"}
        op.drop_column("account", "bio")
Instead
    Remove the attribute from the model first, deploy, and drop the column in a later release.
When it is fine
    The column is added again, as another type, in the same or a later revision.
References
    strong_migrations, discussion 296: the wish to check that code really ignores the column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp, CreateTableOp, DropColumnOp

from ...core.finding import Finding, Severity
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="drop-column-still-mapped",
    severity=Severity.ERROR,
    engines=EVERY_ENGINE,
    ops=(DropColumnOp,),
    supersedes=("drop-column-not-null-first",),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a column that the models name."""
    name, models = str(step.as_(DropColumnOp).column_name), around.environment.models or {}
    if name not in models.get(str(step.table), ()) or _comes_back(step, name, around):
        return
    yield around.finding(
        step,
        f"The models still map {step.table}.{name}: every query of {step.table} fails as soon as this revision has "
        "run.",
        f"Remove {name} from the model of {step.table} and deploy that first; drop the column in a later release.",
        column=name,
    )


def _comes_back(step: RecordedOp, name: str, around: Surroundings) -> bool:
    after = [*around.following, *(other for recording in around.later for other in recording.operations)]
    return any(other.table == step.table and _makes(other, name) for other in after)


def _makes(step: RecordedOp, name: str) -> bool:
    op = step.op
    if isinstance(op, AddColumnOp):
        return str(op.column.name) == name
    return isinstance(op, CreateTableOp) and any(
        getattr(column, "name", None) == name for column in op.columns
    )
