"""Nothing says how the table is to be changed, so another server version may copy it without a word.

What it flags
    A change of an existing table that is done at once or in place today and does not say so with ALGORITHM=. The rule
    is off unless it is asked for, because it speaks about every ALTER TABLE.
Why it hurts
    What is INSTANT on one version is a COPY that blocks writers on another, or with another `sql_mode`, row format or
    index. Without ALGORITHM= the server falls back silently; with it, it refuses before it does anything.
Example
    On mysql:8.4:

        op.execute("ALTER TABLE account ADD COLUMN plan VARCHAR(20)")
Instead
    Say what you expect:

        op.execute("ALTER TABLE account ADD COLUMN plan VARCHAR(20), ALGORITHM=INSTANT")
When it is fine
    On MariaDB the variable `alter_algorithm` is set.
References
    MySQL manual, "Online DDL Operations"; MariaDB, `alter_algorithm`. Alembic has no argument for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import MigrateOperation

from ...core.finding import Finding, Severity
from ...core.variables import value_of
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-pin-algorithm",
    severity=Severity.WARNING,
    engines=MYSQL_FAMILY,
    ops=(MigrateOperation,),
    default=False,
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a cheap change that does not insist on being cheap."""
    effect = around.effect_on(step.table)
    if effect is None or effect.algorithm in (None, "COPY") or "algorithm" in step.clauses:
        return
    if value_of("alter_algorithm", step, around.earlier) not in (None, "DEFAULT"):
        return
    clause = f"ALGORITHM={effect.algorithm}"
    if effect.algorithm == "INPLACE" and effect.lock == "LOCK=NONE":
        clause += ", LOCK=NONE"
    yield around.finding(
        step,
        f"This change of {step.table} is {effect.algorithm} on {around.server}, and nothing holds it to that: where it "
        "is not, the table is copied while writers wait.",
        f"Write it as SQL and append `{clause}`; a server that cannot do it so refuses at once.",
    )
