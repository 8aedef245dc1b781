"""Adding a primary key builds its index, and looks for NULLs, while nobody can read or write the table.

What it flags
    A primary key that is added to a table which existed before the revision, unless it takes over an index
    (`USING INDEX`).
Why it hurts
    ACCESS EXCLUSIVE stays until the index is built, which reads and sorts the whole table; columns that may hold NULL
    are set to NOT NULL on the way, which reads it once more.
Example
    On postgresql:15:

        op.drop_constraint("shelf_pkey", "shelf", type_="primary")
        op.create_primary_key("pk_shelf", "shelf", ["id"])
Instead
    Build the unique index concurrently, and let the key take it over, which takes no time:

        with op.get_context().autocommit_block():
            op.create_index("pk_shelf", "shelf", ["id"], unique=True, postgresql_concurrently=True)
        op.drop_constraint("shelf_pkey", "shelf", type_="primary")
        op.execute("ALTER TABLE shelf ADD CONSTRAINT pk_shelf PRIMARY KEY USING INDEX pk_shelf")
When it is fine
    The table was created in the same revision.
References
    PostgreSQL manual, ALTER TABLE, "ADD table_constraint_using_index"; squawk adding-serial-primary-key-field; Atlas
    PG104.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreatePrimaryKeyOp

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.nullability import nullable_columns
from ...core.online import default_name, not_null_in_steps, unique_in_steps
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-add-primary-key",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(CreatePrimaryKeyOp,),
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a primary key that builds its own index."""
    op, table = step.as_(CreatePrimaryKeyOp), around.table(step)
    if op.kw.get("postgresql_using_index"):
        return
    columns = tuple(map(str, op.columns))
    nullable = nullable_columns(table, columns, around.server)
    partitioned = table is not None and table.partitioned
    yield around.finding(
        step,
        f"Adding the primary key of {step.table} blocks every read and write of {step.table}{around.size(step.table)} "
        "until its index is built"
        + (f" and {', '.join(nullable)} has been searched for NULL." if nullable else "."),
        f"Build a unique index on each partition of {step.table} concurrently first."
        if partitioned
        else "Build the unique index concurrently, and let the key take it over:",
        fix=None if partitioned else Fix("Build the index concurrently first", _steps(step, op, nullable)),
    )


def _steps(step: RecordedOp, op: CreatePrimaryKeyOp, nullable: tuple[str, ...]) -> tuple[FixStep, ...]:
    proofs = [part for column in nullable for part in not_null_in_steps(step, column)]
    built, taken = unique_in_steps(op, str(op.constraint_name or default_name(op)))
    # The index comes first: if its build fails, nothing else has been done.
    return (built, *proofs, taken)
