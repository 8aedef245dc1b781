"""A serial column is numbered row by row while the table is locked and written anew.

What it flags
    `ADD COLUMN … serial`, or `op.add_column` with an integer primary key that numbers itself, on a table that existed
    before the revision.
Why it hurts
    PostgreSQL writes the table and all its indexes anew under ACCESS EXCLUSIVE: nobody reads or writes it. The numbers
    follow the order of the rows on disk, which means nothing (measured on PostgreSQL 15.18).
Example
    On postgresql:15:

        op.execute("ALTER TABLE account ADD COLUMN number serial")
Instead
    Make the sequence and an empty column that new rows fill from it:

        op.execute("CREATE SEQUENCE account_number_seq")
        op.add_column("account", sa.Column("number", sa.BigInteger()))
        op.alter_column("account", "number", server_default=sa.text("nextval('account_number_seq')"))

    Number the rows that are there in the next revision, in batches:

        with op.get_context().autocommit_block():
            op.execute("UPDATE account SET number = DEFAULT WHERE id BETWEEN 1 AND 1000")
            op.execute("UPDATE account SET number = DEFAULT WHERE id BETWEEN 1001 AND 2000")
When it is fine
    The table was created in the same revision, or is known to be small.
References
    PostgreSQL manual, "Serial Types"; strong_migrations, "Adding an auto-incrementing column".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic.operations.ops import AddColumnOp

from ...core.columns import in_steps
from ...core.finding import Finding, Severity
from ..rule import POSTGRESQL, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.recorded import RecordedOp
    from ..rule import Surroundings

RULE = Rule(id="pg-add-serial-column", severity=Severity.ERROR, engines=POSTGRESQL, ops=(AddColumnOp,))


def check(step: RecordedOp, around: Surroundings) -> Iterator[Finding]:
    """Flag a column that a sequence numbers."""
    op = step.as_(AddColumnOp)
    if not _is_serial(op.column):
        return
    name = f"{op.table_name}_{op.column.name}_seq"
    default = sa.text(f"nextval('{name}')")
    steps = in_steps(op, around.recording.revision, around.render, around.table(step), default)
    yield around.finding(
        step,
        f"Nobody can read or write {step.table}{around.size(step.table)} while PostgreSQL numbers every row for "
        f"{op.column.name} and writes the table and all its indexes anew; the more rows, the longer.",
        f"Add {op.column.name} empty with a sequence for new rows, and number the old rows in batches:",
        code=f'op.execute("CREATE SEQUENCE {name}")\n{steps}',
        column=str(op.column.name),
    )


def _is_serial(column: sa.Column[Any]) -> bool:
    """True for a serial of SQL, and for the integer primary key that SQLAlchemy makes one."""
    if column.info.get("serial"):
        return True
    numbers_itself = column.primary_key and column.autoincrement in ("auto", True)
    plain = column.server_default is None and not column.foreign_keys
    return bool(numbers_itself and plain and isinstance(column.type, sa.Integer))
