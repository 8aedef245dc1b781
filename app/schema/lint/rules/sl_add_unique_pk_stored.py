"""SQLite cannot add this column: not one that is UNIQUE, PRIMARY KEY or computed and stored.

What it flags
    `op.add_column` with `unique=True`, `primary_key=True` or `sa.Computed(…, persisted=True)`, and `ADD COLUMN` that
    says the same; in a batch block `unique=True` and a foreign key without a name.
Why it hurts
    UNIQUE and PRIMARY KEY are refused on every database, a stored column as soon as there is a row. In a batch block
    Alembic stops at the constraint: `Constraint must have a name`.
Example
    On sqlite:3.40:

        op.add_column("shelf", sa.Column("code", sa.String(9), unique=True))
Instead
    Add the column, then a unique index:

        op.add_column("shelf", sa.Column("code", sa.String(9)))
        op.create_index("uq_shelf_code", "shelf", ["code"], unique=True)
When it is fine
    In a batch block, where the models' `MetaData` has a naming convention, which gives the constraint its name.
References
    SQLite documentation, "ALTER TABLE ADD COLUMN". Measured on SQLite 3.40.1 with Alembic 1.20.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp, CreateIndexOp

from ...core.columns import bare
from ...core.finding import Finding, Fix, FixStep, Severity
from ..rule import SQLITE, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="sl-add-unique-pk-stored",
    severity=Severity.ERROR,
    engines=SQLITE,
    ops=(AddColumnOp,),
    new_tables=True,
    fixable=True,
    supersedes=("sl-requires-batch", "add-unique-existing"),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a column with a constraint that SQLite does not add with it."""
    op, column = step.as_(AddColumnOp), step.as_(AddColumnOp).column
    rebuilt = step.batch is not None and step.batch.recreates
    stored = column.computed is not None and column.computed.persisted is True
    place = f"{step.table}.{column.name}"
    if column.unique:
        yield _unique(step, around)
    elif column.primary_key and not rebuilt:
        yield around.finding(
            step,
            f"The revision fails on SQLite: {place} is a PRIMARY KEY, and SQLite adds no such column to a table.",
            "Create a new table with this key, copy the rows, drop the old table and rename the new one.",
            column=str(column.name),
        )
    elif stored and not rebuilt and not around.is_new(step.table):
        yield around.finding(
            step,
            f"The revision fails with `cannot add a STORED column` as soon as {step.table} holds one row: {place} is "
            "computed and stored.",
            "Let SQLite compute it when it is read:",
            code=f'op.add_column("{op.table_name}", sa.Column("{column.name}", …, sa.Computed("…", persisted=False)))',
            column=str(column.name),
        )
    elif (
        step.batch is not None
        and not op.inline_references
        and any(not key.name for key in column.foreign_keys)
    ):
        yield around.finding(
            step,
            f"The revision fails with `Constraint must have a name`: the foreign key of {place} has none, and a batch "
            "block takes no constraint without.",
            "Name it:",
            code=f'batch_op.add_column(sa.Column("{column.name}", …, sa.ForeignKey("…", name="fk_{op.table_name}_'
            f'{column.name}")))',
            column=str(column.name),
        )


def _unique(step: RecordedOp, around: Surroundings) -> Finding:
    op, column = step.as_(AddColumnOp), step.as_(AddColumnOp).column
    error = (
        "SQLite adds no such column to a table"
        if step.batch is None
        else "a batch block gives the constraint no name"
    )
    plain = not column.foreign_keys and not column.constraints and not column.index and not column.primary_key
    index = CreateIndexOp(f"uq_{op.table_name}_{column.name}", op.table_name, [str(column.name)], unique=True)
    fix = Fix("Add the column, then a unique index", (FixStep((bare(op), index)),))
    required = not column.nullable and column.server_default is None
    return around.finding(
        step,
        f"The revision fails on SQLite: {step.table}.{column.name} is UNIQUE, and {error}.",
        "Add the column, then a unique index:",
        fix=fix if plain and not required and not op.schema else None,
        column=str(column.name),
    )
