"""A shorter VARCHAR copies the whole table, and fails or cuts values that are too long.

What it flags
    A VARCHAR or VARBINARY of an existing table that gets a smaller length.
Why it hurts
    Every row is written anew while writers wait. In strict mode the statement fails at the first value that does not
    fit, after minutes of copying; without strict mode the value is cut silently.
Example
    On mysql:8.4:

        op.alter_column("account", "name", type_=sa.String(20), existing_type=sa.String(50))
Instead
    Keep the column as it is and limit new values in the application; a VARCHAR takes only the space of its values:
    `SELECT count(*) FROM account WHERE char_length(name) > 20` says how many are too long.
When it is fine
    The table was created in the same revision.
References
    MySQL manual, "Online DDL Operations"; strong_migrations, "Changing the type of a column".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp

from ...core.finding import Finding, Severity
from ...core.table_copy import COPY_RULES, consequence
from ...core.types import describe
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-varchar-shrink",
    severity=Severity.ERROR,
    engines=MYSQL_FAMILY,
    ops=(AlterColumnOp,),
    supersedes=("narrow-type", "my-change-type", *COPY_RULES),
)
_VARYING = ("varchar", "varbinary")


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a VARCHAR that gets shorter."""
    op = step.as_(AlterColumnOp)
    column = around.column(step, str(op.column_name))
    old = describe((column.type if column else None) or op.existing_type, around.server)
    new = describe(op.modify_type, around.server)
    if old is None or new is None or not old.name == new.name in _VARYING:
        return
    if not old.length or not new.length or old.length <= new.length:
        return
    fate = "make the revision fail" if around.environment.strict_mode else "are cut silently"
    length = f"char_length({op.column_name})" if new.name == "varchar" else f"length({op.column_name})"
    table = f"{step.table}{around.size(step.table)}"
    yield around.finding(
        step,
        f"Values of {step.table}.{op.column_name} longer than {new.length} {fate}; "
        f"{consequence(around.server, table, around.effect_on(step.table))}",
        "Keep the length and limit new values in the application; a VARCHAR takes only the space of its values. If it "
        "has to be, look for longer values first:",
        code=f"SELECT count(*) FROM {step.table} WHERE {length} > {new.length}",
        column=str(op.column_name),
    )
