"""A stored generated column is computed row by row while the table is locked and written anew.

What it flags
    `op.add_column` with `sa.Computed(…)`, or `ADD COLUMN … GENERATED ALWAYS AS (…) STORED`, on a table that existed
    before the revision. A virtual one (PostgreSQL 18) costs nothing.
Why it hurts
    PostgreSQL writes the table and all its indexes anew under ACCESS EXCLUSIVE: nobody reads or writes it (measured on
    PostgreSQL 15.18).
Example
    On postgresql:15:

        op.add_column("account", sa.Column("name_key", sa.Text(), sa.Computed("lower(name)", persisted=True)))
Instead
    If the value is only searched for, index the expression and add no column:

        with op.get_context().autocommit_block():
            op.create_index("ix_account_name_key", "account", [sa.text("lower(name)")], postgresql_concurrently=True)
When it is fine
    The table was created in the same revision, or is known to be small.
References
    PostgreSQL manual, "Generated Columns"; strong_migrations, "Adding a stored generated column".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp

from ...core.columns import bare, filling
from ...core.finding import Finding, FixStep, Severity
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(id="pg-add-generated-stored", severity=Severity.ERROR, engines=POSTGRESQL, ops=(AddColumnOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a column that is computed and kept."""
    op = step.as_(AddColumnOp)
    computed = op.column.computed
    if computed is None or (around.server.at_least(18) and computed.persisted is not True):
        return
    yield around.finding(
        step,
        f"Nobody can read or write {step.table}{around.size(step.table)} while PostgreSQL computes {op.column.name} "
        "for every row and writes the table and all its indexes anew; the more rows, the longer.",
        _advice(around),
        code=_ordinary(step, op, str(computed.sqltext), around),
        column=str(op.column.name),
    )


def _advice(around: Surroundings) -> str:
    virtual = (
        "Leave STORED out, so that the column is virtual; or add" if around.server.at_least(18) else "Add"
    )
    return (
        f"{virtual} an ordinary column that the application or a trigger writes, and fill the old rows in batches; to "
        "search for the value, an index on the expression is enough:"
    )


def _ordinary(step: RecordedOp, op: AddColumnOp, expression: str, around: Surroundings) -> str:
    first = around.render((FixStep((bare(op),)),))
    later = f"# revision 2, after {around.recording.revision}, when every INSERT and UPDATE writes {op.column.name}"
    return f"{first}\n{later}\n{filling(op, around.table(step), expression)}"
