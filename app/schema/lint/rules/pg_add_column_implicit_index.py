"""`index=True` on a new column builds an index that blocks every write to the table.

What it flags
    `op.add_column` with `sa.Column(…, index=True)` on a table that existed before the revision.
Why it hurts
    Alembic emits a plain CREATE INDEX after the column. In the same transaction the table is still locked by the ALTER:
    nobody reads or writes it until all of it has been read (measured on PostgreSQL 15.18).
Example
    On postgresql:15:

        op.add_column("account", sa.Column("slug", sa.String(80), index=True))
Instead
    Add the column without the flag:

        op.add_column("account", sa.Column("slug", sa.String(80)))

    Build the index concurrently in the next revision:

        with op.get_context().autocommit_block():
            op.create_index("ix_account_slug", "account", ["slug"], postgresql_concurrently=True)
When it is fine
    The table was created in the same revision, or is known to be small.
References
    PostgreSQL manual, CREATE INDEX, "Building Indexes Concurrently"; strong_migrations, "Adding a reference".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp, CreateIndexOp

from ...core.columns import bare
from ...core.finding import Finding, FixStep, Severity
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-add-column-implicit-index", severity=Severity.ERROR, engines=POSTGRESQL, ops=(AddColumnOp,)
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag an index that is built together with its column."""
    op = step.as_(AddColumnOp)
    if not op.column.index:
        return
    index = CreateIndexOp(
        f"ix_{op.table_name}_{op.column.name}",
        op.table_name,
        [str(op.column.name)],
        schema=op.schema,
        unique=bool(op.column.unique),
        postgresql_concurrently=True,
    )
    yield around.finding(
        step,
        f"index=True builds the index of {op.column.name} at once, while {step.table}{around.size(step.table)} is "
        "still locked by the new column: nobody can read or write it until all of it has been read.",
        "Leave index=True out; build the index concurrently in the next revision:",
        code=(
            f"{around.render((FixStep((bare(op),)),))}\n"
            f"# revision 2, after {around.recording.revision}\n"
            f"{around.render((FixStep((index,), autocommit=True),))}"
        ),
        column=str(op.column.name),
    )
