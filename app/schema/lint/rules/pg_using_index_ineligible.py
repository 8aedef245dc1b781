"""The index cannot become a constraint, so the revision fails.

What it flags
    `UNIQUE` or `PRIMARY KEY USING INDEX` with an index that is partial, not unique, built on an expression, sorted
    otherwise than by default, not a b-tree, or left invalid.
Why it hurts
    PostgreSQL refuses it: the revision stops there on every database.
Example
    On postgresql:15:

        with op.get_context().autocommit_block():
            op.execute("CREATE UNIQUE INDEX CONCURRENTLY uq_name ON account (name) WHERE active")
        op.execute("ALTER TABLE account ADD CONSTRAINT uq_name UNIQUE USING INDEX uq_name")
Instead
    Build a plain unique index for it:

        with op.get_context().autocommit_block():
            op.execute("CREATE UNIQUE INDEX CONCURRENTLY uq_name ON account (name)")
        op.execute("ALTER TABLE account ADD CONSTRAINT uq_name UNIQUE USING INDEX uq_name")
When it is fine
    Never; a unique index alone keeps duplicates out too, and may be partial.
References
    PostgreSQL manual, ALTER TABLE, "ADD table_constraint_using_index".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreatePrimaryKeyOp, CreateUniqueConstraintOp

from ...core.finding import Finding, Severity
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ...core.state import IndexState

RULE = Rule(
    id="pg-using-index-ineligible",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(CreateUniqueConstraintOp, CreatePrimaryKeyOp),
    new_tables=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag an index that no constraint can take over."""
    name = getattr(step.op, "kw", {}).get("postgresql_using_index")
    table = around.table(step)
    index = table.indexes.get(str(name)) if table and name else None
    reason = _reason(index) if index else None
    if index is None or reason is None:
        return
    yield around.finding(
        step,
        f"The revision fails: {index.name} {reason}, so it cannot become a constraint of {step.table}.",
        "Build a plain unique index on the columns for it:",
        code=f"with op.get_context().autocommit_block():\n"
        f'    op.create_index("{index.name}", "{step.table}", [...], unique=True, postgresql_concurrently=True)',
    )


def _reason(index: IndexState) -> str | None:
    reasons = {
        "is not unique": not index.unique,
        "is partial": index.where is not None,
        "is not sorted by default": index.sorted_otherwise,
        "is built on an expression": index.has_expressions,
        "is no b-tree": index.method not in (None, "btree"),
        "is not valid": not index.valid,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)
