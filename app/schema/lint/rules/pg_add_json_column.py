"""A column of the type json makes SELECT DISTINCT, GROUP BY and UNION on the whole row fail.

What it flags
    `op.add_column` or `ADD COLUMN` with the type json on a table that existed before the revision.
Why it hurts
    json is stored as text and has no equality: queries that compare whole rows, such as `SELECT DISTINCT account.*`,
    fail from this revision on. jsonb compares, can be indexed, and is read faster.
Example
    On postgresql:15:

        op.add_column("account", sa.Column("settings", sa.JSON()))
Instead
    Use jsonb; on other engines it stays what it was:

        from sqlalchemy.dialects import postgresql

        op.add_column("account", sa.Column("settings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")))
When it is fine
    White space and the order and repetition of keys must be kept, and no query compares whole rows.
References
    PostgreSQL manual, "JSON Types"; strong_migrations, "Adding a json column".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp
from sqlalchemy.dialects.postgresql import JSONB

from ...core.columns import bare
from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.types import describe
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-add-json-column", severity=Severity.WARNING, engines=POSTGRESQL, ops=(AddColumnOp,), fixable=True
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a column that cannot be compared."""
    op = step.as_(AddColumnOp)
    type_ = describe(op.column.type, around.server)
    if type_ is None or type_.name != "json":
        return
    changed = bare(op)
    changed.column.type = JSONB()
    yield around.finding(
        step,
        f"From this revision on, SELECT DISTINCT, GROUP BY and UNION over whole rows of {step.table} fail: "
        f"{op.column.name} is json, which has no equality.",
        "Use jsonb, in the model too:",
        code=around.render((FixStep((changed,)),)),
        fix=_fix(op, changed),
        column=str(op.column.name),
    )


def _fix(op: AddColumnOp, changed: AddColumnOp) -> Fix | None:
    """Return the replacement, unless the column has keys or checks that it would lose."""
    column = op.column
    if (
        column.unique
        or column.index
        or column.foreign_keys
        or column.constraints
        or column.computed is not None
    ):
        return None
    return Fix("Use jsonb", (FixStep((changed,)),), safe=False)
