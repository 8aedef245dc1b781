"""A foreign key written with a new column reads the whole table while neither table can be written.

What it flags
    `op.add_column` with `sa.ForeignKey(…)` on a table that existed before the revision. Not flagged: a key inside the
    ADD COLUMN itself (`inline_references=True`, or SQL) of a column without a default, which PostgreSQL need not check.
Why it hurts
    Alembic adds the key in a statement of its own, which checks every row although all hold NULL. Meanwhile the table
    is locked by the new column, and the table that it refers to takes no write (measured on PostgreSQL 15.18).
Example
    On postgresql:15:

        op.add_column("shelf", sa.Column("owner_id", sa.Integer(), sa.ForeignKey("account.id")))
Instead
    Add the key as NOT VALID, and validate it outside the transaction:

        op.add_column("shelf", sa.Column("owner_id", sa.Integer()))
        op.create_foreign_key(
            "fk_shelf_owner_id_account", "shelf", "account", ["owner_id"], ["id"], postgresql_not_valid=True
        )
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE shelf VALIDATE CONSTRAINT fk_shelf_owner_id_account")

    Build the index of the column in the next revision:

        with op.get_context().autocommit_block():
            op.create_index("ix_shelf_owner_id", "shelf", ["owner_id"], postgresql_concurrently=True)
When it is fine
    The table was created in the same revision, or is known to be small.
References
    PostgreSQL manual, ALTER TABLE, "ADD table_constraint … NOT VALID"; squawk issue 647 about the inline form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations.ops import AddColumnOp, CreateForeignKeyOp

from ...core.columns import bare, has_value
from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.ops import ValidateConstraintOp
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-add-column-with-fk", severity=Severity.ERROR, engines=POSTGRESQL, ops=(AddColumnOp,), fixable=True
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a key whose rows are checked together with the new column."""
    op = step.as_(AddColumnOp)
    key = next(iter(op.column.foreign_keys), None)
    if key is None or (op.inline_references and not has_value(op.column)):
        return
    parent = key.target_fullname.rpartition(".")[0]
    table = around.table(step)
    simple = not (op.column.unique or op.column.index or op.column.primary_key)
    partitioned = table is not None and table.partitioned and not around.server.at_least(18)
    other = "" if parent == step.table else f", and nobody can write {parent}"
    yield around.finding(
        step,
        f"Nobody can read or write {step.table}{around.size(step.table)}{other}, while PostgreSQL checks the foreign "
        f"key of {op.column.name} for every row; the more rows, the longer.",
        "Add the key as NOT VALID, which checks new rows only, and validate it outside the transaction:",
        fix=_fix(op, key, parent) if simple and not partitioned else None,
        column=str(op.column.name),
    )


def _fix(op: AddColumnOp, key: sa.ForeignKey, parent: str) -> Fix:
    # The name that PostgreSQL would choose, so that the schema stays the same.
    name = str(key.name) if key.name else f"{op.table_name}_{op.column.name}_fkey"
    later = CreateForeignKeyOp(
        name,
        op.table_name,
        parent.rpartition(".")[2],
        [str(op.column.name)],
        [key.target_fullname.rpartition(".")[2]],
        source_schema=op.schema,
        referent_schema=parent.rpartition(".")[0] or None,
        postgresql_not_valid=True,
        **_options(key),
    )
    validate = ValidateConstraintOp(op.table_name, op.schema, name)
    steps = (FixStep((bare(op), later)), FixStep((validate,), autocommit=True))
    return Fix("Add the foreign key as NOT VALID and validate it outside the transaction", steps)


def _options(key: sa.ForeignKey) -> dict[str, Any]:
    names = ("onupdate", "ondelete", "deferrable", "initially", "match")
    return {name: getattr(key, name) for name in names if getattr(key, name)}
