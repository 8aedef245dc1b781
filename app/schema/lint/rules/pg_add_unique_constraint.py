"""Adding a unique constraint builds its index while nobody can read or write the table.

What it flags
    A unique constraint that is added to a table which existed before the revision, unless it takes over an index
    (`USING INDEX`).
Why it hurts
    ACCESS EXCLUSIVE stays until the index is built, which reads and sorts the whole table, and the revision fails at
    the first duplicate.
Example
    On postgresql:15:

        op.create_unique_constraint("uq_account_name", "account", ["name"])
Instead
    Build the unique index concurrently, and let the constraint take it over, which takes no time:

        with op.get_context().autocommit_block():
            op.create_index("uq_account_name", "account", ["name"], unique=True, postgresql_concurrently=True)
        op.execute("ALTER TABLE account ADD CONSTRAINT uq_account_name UNIQUE USING INDEX uq_account_name")
When it is fine
    The table was created in the same revision. A partitioned table has no concurrent way: build a unique index on
    each partition first.
References
    PostgreSQL manual, ALTER TABLE, "ADD table_constraint_using_index"; strong_migrations; squawk
    disallowed-unique-constraint; Atlas PG105.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreateUniqueConstraintOp

from ...core.finding import Finding, Fix, Severity
from ...core.online import default_name, unique_in_steps
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-add-unique-constraint",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(CreateUniqueConstraintOp,),
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a unique constraint that builds its own index."""
    op, table = step.as_(CreateUniqueConstraintOp), around.table(step)
    if op.kw.get("postgresql_using_index"):
        return
    name = str(op.constraint_name or default_name(op))
    message = (
        f"Adding {name} blocks every read and write of {step.table}{around.size(step.table)} until its index is built, "
        f"and fails if two rows have the same {', '.join(map(str, op.columns))}."
    )
    column = str(op.columns[0]) if len(op.columns) == 1 else None
    if table is not None and table.partitioned:
        yield around.finding(
            step,
            message,
            f"CONCURRENTLY is refused on a partitioned table: build the unique index on each partition of {step.table} "
            "concurrently, then add the constraint, which takes them over.",
            column=column,
        )
        return
    yield around.finding(
        step,
        message,
        "Build the unique index concurrently, and let the constraint take it over:",
        column=column,
        fix=Fix("Build the unique index concurrently first", unique_in_steps(op, name)),
    )
