"""A primary key that takes over an index on nullable columns silently reads the whole table under the lock.

What it flags
    `ADD PRIMARY KEY USING INDEX` where a column of the index may hold NULL, and no validated CHECK proves otherwise.
Why it hurts
    The statement looks as if it took no time. It sets NOT NULL on the way, which reads every row while nobody can read
    or write the table (measured on PostgreSQL 15.18).
Example
    On postgresql:15:

        with op.get_context().autocommit_block():
            op.create_index("pk_shelf", "shelf", ["label"], unique=True, postgresql_concurrently=True)
        op.drop_constraint("shelf_pkey", "shelf", type_="primary")
        op.execute("ALTER TABLE shelf ADD CONSTRAINT pk_shelf PRIMARY KEY USING INDEX pk_shelf")
Instead
    Let a validated CHECK prove it first; the key then reads nothing:

        with op.get_context().autocommit_block():
            op.create_index("pk_shelf", "shelf", ["label"], unique=True, postgresql_concurrently=True)
        op.create_check_constraint("ck_shelf_label", "shelf", "label IS NOT NULL", postgresql_not_valid=True)
        with op.get_context().autocommit_block():
            op.execute("ALTER TABLE shelf VALIDATE CONSTRAINT ck_shelf_label")
        op.drop_constraint("shelf_pkey", "shelf", type_="primary")
        op.execute("ALTER TABLE shelf ADD CONSTRAINT pk_shelf PRIMARY KEY USING INDEX pk_shelf")
        op.drop_constraint("ck_shelf_label", "shelf", type_="check")
When it is fine
    The columns are NOT NULL, or a validated CHECK implies it.
References
    PostgreSQL manual, ALTER TABLE, "ADD table_constraint_using_index"; Atlas PG304; eugene W14.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import CreatePrimaryKeyOp

from ...core.finding import Finding, Fix, FixStep, Severity
from ...core.nullability import nullable_columns
from ...core.online import not_null_in_steps
from ..rule import POSTGRESQL, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="pg-pk-using-index-nullable",
    severity=Severity.ERROR,
    engines=POSTGRESQL,
    ops=(CreatePrimaryKeyOp,),
    fixable=True,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a key on an index whose columns may hold NULL."""
    op, table = step.as_(CreatePrimaryKeyOp), around.table(step)
    index = table.indexes.get(str(op.kw.get("postgresql_using_index"))) if table else None
    if index is None or index.has_expressions:
        return
    nullable = nullable_columns(table, index.columns, around.server)
    if not nullable:
        return
    proofs = [part for column in nullable for part in not_null_in_steps(step, column)]
    yield around.finding(
        step,
        f"Taking over {index.name} sets NOT NULL on {', '.join(nullable)}: every read and write of {step.table}"
        f"{around.size(step.table)} waits until all its rows have been searched for NULL.",
        "Let a CHECK prove it first; the key then reads nothing:",
        column=nullable[0] if len(nullable) == 1 else None,
        fix=Fix("Prove it by a CHECK first", (*proofs, FixStep((op,)))),
    )
