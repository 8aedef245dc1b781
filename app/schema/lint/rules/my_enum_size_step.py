"""The new values do not fit into the bytes that a row has for them, so the whole table is copied.

What it flags
    An ENUM that grows beyond 255 values, or a SET beyond 8, 16, 24 or 32, on an existing table.
Why it hurts
    Values that are added at the end cost nothing as long as the number of bytes stays; at these steps every row is
    written anew while writers wait (measured on MariaDB 10.11.19).
Example
    On mariadb:10.11:

        allow = {"non-transactional-multi-step": "the column is empty"}
        op.execute("ALTER TABLE shelf ADD tags SET('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h')")
        op.execute("ALTER TABLE shelf MODIFY tags SET('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i')")
Instead
    A list that grows is better kept in a table of its own, with a foreign key to it.
When it is fine
    The table was created in the same revision, or is small.
References
    MySQL manual, "Data Type Storage Requirements"; Atlas MY113 and MY123.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp

from ...core.enum_change import enum_bytes, set_bytes, values_before_and_after
from ...core.finding import Finding, Severity
from ...core.table_copy import COPY_RULES, consequence, is_copied
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-enum-size-step",
    severity=Severity.WARNING,
    engines=MYSQL_FAMILY,
    ops=(AlterColumnOp,),
    supersedes=("my-change-type", *COPY_RULES),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag values that need another byte."""
    op, effect = step.as_(AlterColumnOp), around.effect_on(step.table)
    column = around.column(step, str(op.column_name))
    for kind, size in (("enum", enum_bytes), ("set", set_bytes)):
        values = values_before_and_after(column, op, kind, around.server)
        if values is None or values.after[: len(values.before)] != values.before or not is_copied(effect):
            continue
        before, after = size(len(values.before)), size(len(values.after))
        if before == after:
            continue
        table = f"{step.table}{around.size(step.table)}"
        yield around.finding(
            step,
            f"With {len(values.after)} values, {step.table}.{op.column_name} takes {after} bytes in each row instead "
            f"of {before}: {consequence(around.server, table, effect)}",
            "Keep a list that grows in a table of its own, with a foreign key to it; or change it with gh-ost or "
            "pt-online-schema-change.",
            column=str(op.column_name),
        )
