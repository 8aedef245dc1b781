"""A default with a value of its own for each row makes PostgreSQL write the whole table anew, locked.

What it flags
    `op.add_column` or `ADD COLUMN` with a volatile default (`gen_random_uuid()`, `random()`, `clock_timestamp()`,
    `nextval(…)`) on a table that existed before the revision.
Why it hurts
    Every row gets a value of its own, so the table and all its indexes are written anew under ACCESS EXCLUSIVE: nobody
    reads or writes it (measured on PostgreSQL 15.18). `now()`, constants and casts of them are free.
Example
    On postgresql:15:

        op.add_column("account", sa.Column("token", sa.Uuid(), server_default=sa.text("gen_random_uuid()")))
Instead
    Add the column empty, and give new rows their value:

        op.add_column("account", sa.Column("token", sa.Uuid()))
        op.alter_column("account", "token", server_default=sa.text("gen_random_uuid()"))

    Fill the rows that are there in the next revision, in batches:

        with op.get_context().autocommit_block():
            op.execute("UPDATE account SET token = DEFAULT WHERE id BETWEEN 1 AND 1000")
            op.execute("UPDATE account SET token = DEFAULT WHERE id BETWEEN 1001 AND 2000")
When it is fine
    The table was created in the same revision, or is known to be small.
References
    PostgreSQL manual, ALTER TABLE, "Notes"; strong_migrations, "Adding a column with a volatile default value".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp

from ...core.columns import has_value, in_steps
from ...core.finding import Finding, Severity
from ...core.functions import Volatility, default_sql, volatility
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-add-column-volatile-default", severity=Severity.ERROR, engines=POSTGRESQL, ops=(AddColumnOp,)
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a default that has to be computed for each row."""
    op = step.as_(AddColumnOp)
    if not has_value(op.column) or _volatility(op, around) is not Volatility.VOLATILE:
        return
    name, default = op.column.name, default_sql(op.column.server_default, around.server)
    yield around.finding(
        step,
        f"Nobody can read or write {step.table}{around.size(step.table)} while PostgreSQL writes it and all its "
        f"indexes anew to give each row a {name} of its own from {default}; the more rows, the longer.",
        f"Add {name} empty, give new rows their default, and fill the old rows in batches:",
        code=in_steps(op, around.recording.revision, around.render, around.table(step)),
        column=str(name),
    )


def _volatility(op: AddColumnOp, around: Surroundings) -> Volatility:
    facts = around.facts
    if facts is None:
        return volatility(op.column.server_default, around.server)
    return volatility(
        op.column.server_default, around.server, facts.volatile_functions, facts.stable_functions
    )
