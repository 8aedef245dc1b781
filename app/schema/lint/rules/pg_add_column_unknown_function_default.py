"""A default from a function of your own may make PostgreSQL write the whole table anew, locked.

What it flags
    `op.add_column` or `ADD COLUMN` whose default calls a function that is not one of PostgreSQL's own, on a table that
    existed before the revision. With `--live` the database says how the function was declared.
Why it hurts
    A function is VOLATILE unless it was declared otherwise. A volatile default is computed for each row: the table and
    all its indexes are written anew under ACCESS EXCLUSIVE, and nobody reads or writes it meanwhile.
Example
    On postgresql:15:

        op.add_column("account", sa.Column("code", sa.String(12), server_default=sa.text("short_code()")))
Instead
    Add the column empty, and give new rows their value; fill the old rows in batches later:

        op.add_column("account", sa.Column("code", sa.String(12)))
        op.alter_column("account", "code", server_default=sa.text("short_code()"))
When it is fine
    The function is declared STABLE or IMMUTABLE: `SELECT provolatile FROM pg_proc WHERE proname = 'short_code'` says
    s or i.
References
    PostgreSQL manual, "Function Volatility Categories".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AddColumnOp

from ...core.columns import has_value, in_steps
from ...core.finding import Finding, Severity
from ...core.functions import Volatility, unknown_functions, volatility
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(
    id="pg-add-column-unknown-function-default",
    severity=Severity.WARNING,
    engines=POSTGRESQL,
    ops=(AddColumnOp,),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a default whose behaviour cannot be known from here."""
    op = step.as_(AddColumnOp)
    known = around.facts
    volatile, stable = (
        (known.volatile_functions, known.stable_functions) if known else (frozenset(), frozenset())
    )
    default = op.column.server_default
    if (
        not has_value(op.column)
        or volatility(default, around.server, volatile, stable) is not Volatility.UNKNOWN
    ):
        return
    called = " and ".join(f"{name}()" for name in unknown_functions(default, around.server))
    yield around.finding(
        step,
        f"If {called} is VOLATILE, as functions are unless declared otherwise, nobody can read or write {step.table}"
        f"{around.size(step.table)} while PostgreSQL writes it anew to give each row its own {op.column.name}.",
        "Unless the function is declared STABLE or IMMUTABLE, add the column empty, give new rows their default, and "
        "fill the old rows in batches:",
        code=in_steps(op, around.recording.revision, around.render, around.table(step)),
        column=str(op.column.name),
    )
