"""A UNIQUE or PRIMARY KEY written with a new column builds its index while nobody can use the table.

What it flags
    `op.add_column` with `unique=True`, or `ADD COLUMN … UNIQUE`, on a table that existed before the revision.
Why it hurts
    PostgreSQL builds the unique index under ACCESS EXCLUSIVE: nobody reads or writes the table until all of it has been
    read (measured on PostgreSQL 15.18). With a default, the second row already makes the revision fail.
Example
    On postgresql:15:

        op.add_column("account", sa.Column("slug", sa.String(80), unique=True))
Instead
    Add the column:

        op.add_column("account", sa.Column("slug", sa.String(80)))

    Build the index concurrently in the next revision, and give it to the constraint:

        with op.get_context().autocommit_block():
            op.create_index("uq_account_slug", "account", ["slug"], unique=True, postgresql_concurrently=True)
        op.execute("ALTER TABLE account ADD CONSTRAINT uq_account_slug UNIQUE USING INDEX uq_account_slug")
When it is fine
    The table was created in the same revision, or is known to be small.
References
    PostgreSQL manual, ALTER TABLE, "ADD table_constraint_using_index"; django-migration-linter ADD_UNIQUE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp, CreateIndexOp, CreateUniqueConstraintOp

from ...core.columns import bare
from ...core.finding import Finding, FixStep, Severity
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(id="pg-add-column-inline-unique", severity=Severity.ERROR, engines=POSTGRESQL, ops=(AddColumnOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a unique index that is built with its column."""
    op = step.as_(AddColumnOp)
    column = op.column
    numbered = column.info.get("serial") or column.identity is not None
    key = column.primary_key and op.inline_primary_key and not numbered
    if not key and (not column.unique or column.index):
        return
    yield around.finding(
        step,
        f"Nobody can read or write {step.table}{around.size(step.table)} while PostgreSQL builds the unique index of "
        f"{column.name}; the more rows, the longer.",
        "Add the column; in the next revision build the index concurrently and give it to the constraint:",
        code=_steps(op, around),
        column=str(column.name),
    )


def _steps(op: AddColumnOp, around: Surroundings) -> str:
    name, columns = f"uq_{op.table_name}_{op.column.name}", [str(op.column.name)]
    index = CreateIndexOp(
        name, op.table_name, columns, schema=op.schema, unique=True, postgresql_concurrently=True
    )
    constraint = CreateUniqueConstraintOp(
        name, op.table_name, columns, schema=op.schema, postgresql_using_index=name
    )
    return (
        f"{around.render((FixStep((bare(op),)),))}\n"
        f"# revision 2, after {around.recording.revision}\n"
        f"{around.render((FixStep((index,), autocommit=True), FixStep((constraint,))))}"
    )
