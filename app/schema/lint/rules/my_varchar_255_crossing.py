"""A VARCHAR that grows beyond 255 bytes copies the whole table, although a smaller step costs nothing.

What it flags
    A longer VARCHAR or VARBINARY whose values took at most 255 bytes and may take more now; a character of utf8mb4
    counts four. On MariaDB only where the old limit was above 127 bytes.
Why it hurts
    The length of each value was stored in one byte and now needs two, so every row is written anew while writers
    wait. MariaDB 10.4.3 and later keep a spare bit in columns of up to 127 bytes (measured on 10.11.19: 31 characters
    of utf8mb4 grow at once, 63 to 64 copies).
Example
    On mysql:8.4:

        op.alter_column("account", "name", type_=sa.String(100), existing_type=sa.String(50))
Instead
    Stay at 255 bytes (63 characters of utf8mb4), or make the change with gh-ost or pt-online-schema-change, and then
    make the column as long as it can ever have to be: growth above 256 bytes is free again:

        op.alter_column("account", "name", type_=sa.String(63), existing_type=sa.String(50))
When it is fine
    The table was created in the same revision, or is small.
References
    MySQL manual, "Online DDL Operations", "Extending VARCHAR column size"; MDEV-15563.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp

from ...core.charsets import max_bytes
from ...core.finding import Finding, Severity
from ...core.table_copy import COPY_RULES, consequence, is_copied, severity_of
from ...core.types import describe
from ..rule import MYSQL_FAMILY, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="my-varchar-255-crossing",
    severity=Severity.ERROR,
    engines=MYSQL_FAMILY,
    ops=(AlterColumnOp,),
    supersedes=("my-change-type", *COPY_RULES),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a length that needs a second byte."""
    op, effect = step.as_(AlterColumnOp), around.effect_on(step.table)
    column, table = around.column(step, str(op.column_name)), around.table(step)
    old = describe((column.type if column else None) or op.existing_type, around.server)
    new = describe(op.modify_type, around.server)
    if old is None or new is None or old.name != new.name or not is_copied(effect):
        return
    before, after = max_bytes(old, table), max_bytes(new, table)
    if before is None or after is None or not before <= 255 < after:
        return
    most = 255 * (old.length or 0) // before
    yield around.finding(
        step,
        f"{op.column_name} grows from {before} to {after} bytes, and beyond 255 its length takes a second byte in "
        f"every row: {consequence(around.server, f'{step.table}{around.size(step.table)}', effect)}",
        f"Stay at {most} characters, or change it with gh-ost or pt-online-schema-change, and then to a length that "
        "lasts: growth from 256 bytes on is free.",
        column=str(op.column_name),
        severity=severity_of(effect),
    )
