"""Removing a value from an enum fails on rows that hold it, and code that still writes it gets an error.

What it flags
    A change of a column from one enum (or SET) to another that lacks some of its values: `op.alter_column` with
    `sa.Enum`, `MODIFY … ENUM(…)`, and PostgreSQL's way over a second type.
Why it hurts
    PostgreSQL, and MySQL and MariaDB in strict mode, refuse the change while a row holds a value that goes away;
    without strict mode such rows become empty strings. With `native_enum=False` the old rows stay, and reading one
    raises LookupError. Until the last old worker has stopped, it still writes the value.
Example
    On sqlite:3.40:

        with op.batch_alter_table("book") as batch:
            batch.alter_column(
                "status",
                existing_type=sa.Enum("draft", "published", name="book_status"),
                type_=sa.Enum("draft", name="book_status"),
            )
Instead
    Keep the value in the database, stop writing it, and refuse it in the application. An enum may hold values that
    nobody uses.
When it is fine
    The column was added in the same revision.
References
    PostgreSQL manual, "Enumerated Types": values cannot be removed; Atlas MY110.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic.operations.ops import AlterColumnOp

from ...core.enums import values_of
from ...core.finding import Finding, Severity
from ...core.table_copy import COPY_RULES
from ..rule import EVERY_ENGINE, Rule, Surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp

RULE = Rule(
    id="enum-value-removed",
    severity=Severity.ERROR,
    engines=EVERY_ENGINE,
    ops=(AlterColumnOp,),
    supersedes=("narrow-type", "tighten-check", "my-change-type", *COPY_RULES),
)


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag an enum that loses values."""
    op = step.as_(AlterColumnOp)
    column = around.column(step, str(op.column_name))
    if op.modify_type is None or (column is not None and column.added_in == around.recording.revision):
        return
    types = around.state.types
    before = values_of(column.type if column else None, types) or values_of(op.existing_type, types)
    after = values_of(op.modify_type, types)
    gone = [value for value in before if value not in after]
    if not after or not gone:
        return
    words = ", ".join(repr(value) for value in gone)
    yield around.finding(
        step,
        f"Rows of {step.table}{around.size(step.table)} whose {op.column_name} is {words} {_fate(op, around)}, and "
        f"running code that still writes {'it' if len(gone) == 1 else 'them'} gets an error.",
        f"Keep {words} in the database and stop writing {'it' if len(gone) == 1 else 'them'} in the application; look "
        "for rows first:",
        code=f"SELECT {op.column_name}, count(*) FROM {step.table} GROUP BY {op.column_name}",
        column=str(op.column_name),
    )


def _fate(op: AlterColumnOp, around: Surroundings) -> str:
    if getattr(op.modify_type, "native_enum", True) is False or around.server.engine == "sqlite":
        return "can no longer be read: SQLAlchemy raises LookupError"
    if around.server.engine == "postgresql" or around.environment.strict_mode:
        return "make the revision fail"
    return "become empty strings silently"
